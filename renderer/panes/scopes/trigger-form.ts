import type { TriggerEvent, TriggerSpec } from '../../../common/contract/signals.ts';

/** What the dialog asks, as it is typed: numbers are texts until they are sent. */
export interface TriggerForm {
  channel: string;
  kind: TriggerEvent['kind'];
  direction: 'rising' | 'falling' | 'either';
  side: 'above' | 'below';
  polarity: 'high' | 'low';
  width: 'shorter' | 'longer' | 'between';
  of: 'samples' | 'edges';
  level: string;
  hysteresis: string;
  /** Milliseconds: how long, or how wide at least. */
  millis: string;
  /** Milliseconds: how wide at most. */
  mostMillis: string;
  types: string;
  mode: TriggerSpec['mode'];
  action: TriggerSpec['action'];
  windowSeconds: string;
  beforePercent: string;
  holdoffMillis: string;
}

const usual: TriggerForm = {
  channel: '',
  kind: 'edge',
  direction: 'falling',
  side: 'above',
  polarity: 'low',
  width: 'shorter',
  of: 'samples',
  level: '0.5',
  hysteresis: '',
  millis: '100',
  mostMillis: '500',
  types: 'check.found',
  mode: 'normal',
  action: 'hold',
  windowSeconds: '2',
  beforePercent: '30',
  holdoffMillis: '0',
};

/** The form for a trigger that is set, or what is usual for `channel`. */
export function formOf(spec: TriggerSpec | null, channel: string, level: number): TriggerForm {
  if (!spec) return { ...usual, channel, level: String(level) };
  const { on } = spec;
  const before = 'share' in spec.before ? spec.before.share : spec.before.micros / spec.window;
  return {
    ...usual,
    ...eventFields(on),
    channel: spec.channel ?? channel,
    kind: on.kind,
    mode: spec.mode,
    action: spec.action,
    windowSeconds: String(spec.window / 1e6),
    beforePercent: String(Math.round(before * 100)),
    holdoffMillis: String(spec.holdoff / 1000),
  };
}

function eventFields(on: TriggerEvent): Partial<TriggerForm> {
  const level = {
    ...('level' in on && { level: String(on.level) }),
    ...('hysteresis' in on && on.hysteresis !== undefined && { hysteresis: String(on.hysteresis) }),
  };
  switch (on.kind) {
    case 'edge':
      return { ...level, direction: on.direction };
    case 'level':
      return { ...level, side: on.side, millis: String(on.micros / 1000) };
    case 'pulse':
      return { ...level, polarity: on.polarity, width: on.width.is, ...widthFields(on.width) };
    case 'dropout':
      return { ...level, of: on.of, millis: String(on.micros / 1000) };
    case 'ledger':
      return { types: on.types.join(', ') };
  }
}

function widthFields(width: Extract<TriggerEvent, { kind: 'pulse' }>['width']): Partial<TriggerForm> {
  if (width.is !== 'between') return { millis: String(width.micros / 1000) };
  return { millis: String(width.least / 1000), mostMillis: String(width.most / 1000) };
}

/** The trigger that the form asks for, or what is wrong with it in words. */
export function specOf(form: TriggerForm): TriggerSpec | string {
  const on = eventOf(form);
  if (typeof on === 'string') return on;
  const window = numberOf(form.windowSeconds);
  const before = numberOf(form.beforePercent);
  const holdoff = numberOf(form.holdoffMillis);
  if (!(window >= 0.001 && window <= 3600)) return 'The window is 0.001 to 3600 seconds.';
  if (!(before >= 0 && before <= 100)) return 'Before the event lie 0 to 100 % of the window.';
  if (!(holdoff >= 0)) return 'The holdoff is a number of milliseconds.';
  return {
    channel: on.kind === 'ledger' ? null : form.channel,
    on,
    mode: form.mode,
    action: form.action,
    window: Math.round(window * 1e6),
    before: { share: before / 100 },
    holdoff: Math.round(holdoff * 1000),
  };
}

function eventOf(form: TriggerForm): TriggerEvent | string {
  if (form.kind === 'ledger') {
    const types = form.types.split(/[\s,]+/).filter(Boolean);
    return types.length > 0 ? { kind: 'ledger', types } : 'Name a type of entry, as check.found.';
  }
  const level = numberOf(form.level);
  const hysteresis = form.hysteresis.trim() === '' ? 0 : numberOf(form.hysteresis);
  const micros = Math.round(numberOf(form.millis) * 1000);
  const needsLevel = form.kind !== 'dropout' || form.of === 'edges';
  if (needsLevel && !Number.isFinite(level)) return 'The level is a number.';
  if (!(hysteresis >= 0)) return 'The hysteresis is a number, 0 or more.';
  if (form.kind !== 'edge' && !(micros > 0)) return 'How long is a number of milliseconds over 0.';
  const at = { level, ...(hysteresis > 0 && { hysteresis }) };
  if (form.kind === 'edge') return { kind: 'edge', direction: form.direction, ...at };
  if (form.kind === 'level') return { kind: 'level', side: form.side, micros, ...at };
  if (form.kind === 'dropout')
    return form.of === 'samples'
      ? { kind: 'dropout', of: 'samples', micros }
      : { kind: 'dropout', of: 'edges', micros, ...at };
  const most = Math.round(numberOf(form.mostMillis) * 1000);
  if (form.width !== 'between')
    return { kind: 'pulse', polarity: form.polarity, width: { is: form.width, micros }, ...at };
  if (!(most >= micros)) return 'At most is not less than at least.';
  return { kind: 'pulse', polarity: form.polarity, width: { is: 'between', least: micros, most }, ...at };
}

/** A decimal comma is a point; an empty text is no number. */
function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text.replace(',', '.'));
}
