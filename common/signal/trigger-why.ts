import type { TriggerEvent } from '../contract/signals.ts';

/** What an event of a trigger was, in words. `width`: of a pulse that has ended, microseconds. */
export function whyText(channel: string | null, on: TriggerEvent, rising: boolean, width = NaN): string {
  const name = channel ?? '';
  switch (on.kind) {
    case 'edge':
      return `${name} ${rising ? 'rose' : 'fell'} through ${on.level}`;
    case 'level':
      return `${name} was ${on.side} ${on.level} for ${spanText(on.micros)}`;
    case 'pulse':
      return `${name} had a ${on.polarity} pulse ${pulseText(on.width, width)}`;
    case 'dropout':
      return on.of === 'samples'
        ? `${name} gave nothing for ${spanText(on.micros)}`
        : `${name} did not cross ${on.level} for ${spanText(on.micros)}`;
    case 'ledger':
      return '';
  }
}

function pulseText(limit: Extract<TriggerEvent, { kind: 'pulse' }>['width'], width: number): string {
  if (limit.is === 'longer') return `longer than ${spanText(limit.micros)}`;
  const wanted =
    limit.is === 'shorter'
      ? `shorter than ${spanText(limit.micros)}`
      : `between ${spanText(limit.least)} and ${spanText(limit.most)}`;
  return `of ${spanText(width)}, ${wanted}`;
}

/** Microseconds with a unit of their size and at most four digits: 12.34 ms. */
export function spanText(micros: number): string {
  const [size, unit] = micros >= 1e6 ? [1e6, 's'] : micros >= 1e3 ? [1e3, 'ms'] : [1, 'µs'];
  return `${Number((micros / size).toPrecision(4))} ${unit}`;
}
