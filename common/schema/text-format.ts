import type { TextFormat } from './facts.ts';

/** The longest text that has a format; a URL may be longer, but says so at its start. */
const longest = 64;
const moment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,12})?)?(Z|z| ?UTC|[+-]\d\d:?\d\d|[+-]\d\d)?$/;
const others: [TextFormat, RegExp][] = [
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['time', /^\d\d:\d\d(:\d\d([.,]\d{1,12})?)?$/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['numeric', /^[+-]?\d{1,20}([.,]\d{1,20})?([eE][+-]?\d{1,3})?$/],
];

/**
 * What a text looks like; RFC 3339 with a zone is `date-time`, without one `date-time-local`. No pattern here can take
 * longer than the text is long.
 */
export function textFormat(text: string): TextFormat {
  if (text === '') return 'empty';
  if (/^(https?|wss?|ftp):\/\/[^\s/]/i.test(text.slice(0, longest))) return 'url';
  if (text.length > longest) return 'text';
  const found = moment.exec(text);
  if (found) return found[3] === undefined ? 'date-time-local' : 'date-time';
  return others.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}
