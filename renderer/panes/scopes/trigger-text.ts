import type { TriggerEvent, TriggerSpec } from '../../../common/contract/signals.ts';
import { duration, measured } from '../../ui/format.ts';

const arrows = { rising: '↑', falling: '↓', either: '↕' } as const;
const millis = (micros: number) => duration(micros / 1000);

/** What it waits for, in the fewest words: `beam ↓ 0.5`. `name` is the channel's. */
export function eventText(on: TriggerEvent, name: string): string {
  switch (on.kind) {
    case 'edge':
      return `${name} ${arrows[on.direction]} ${measured(on.level)}`;
    case 'level':
      return `${name} ${on.side} ${measured(on.level)} for ${millis(on.micros)}`;
    case 'pulse':
      return `${name} ${on.polarity} pulse ${widthText(on.width)}`;
    case 'dropout':
      return `${name} no ${on.of === 'samples' ? 'sample' : 'edge'} for ${millis(on.micros)}`;
    case 'ledger':
      return `entry ${on.types.join(', ')}`;
  }
}

function widthText(width: Extract<TriggerEvent, { kind: 'pulse' }>['width']): string {
  if (width.is === 'between') return `${millis(width.least)}–${millis(width.most)}`;
  return `${width.is} than ${millis(width.micros)}`;
}

/** `beam ↓ 0.5 auto`. */
export function triggerText(spec: TriggerSpec, nameOf: (channel: string) => string): string {
  return `${eventText(spec.on, spec.channel === null ? '' : nameOf(spec.channel))} ${spec.mode}`;
}
