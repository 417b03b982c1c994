import type { ChannelInfo } from '../../incident/entries.ts';
import type { DetectedChannel } from './types.ts';

/** Dialects whose column `weight` is a cell's; of others the unit says so. */
const beams = /^beam-/;

/** What a device's channel is to the detectors, by its dialect, column and unit. */
export function detectedChannel(device: string, dialect: string, info: ChannelInfo): DetectedChannel {
  const column = info.id.slice(info.id.indexOf('/') + 1);
  return {
    channel: info.id,
    device,
    kind: info.kind,
    role: roleOf(dialect, column, info),
    heartbeat: dialect === 'beam-events',
  };
}

function roleOf(dialect: string, column: string, { unit, kind }: ChannelInfo): DetectedChannel['role'] {
  if (beams.test(dialect)) return column === 'beam' ? 'beam' : 'other';
  if (kind === 'step') return 'other';
  if (unit === 'counts' || (unit === '' && /^raw\d*$/.test(column))) return 'counts';
  // The second value of hx711-average is a mean of the first ones, and no measurement of its own.
  if (unit === 'g' && column !== 'average') return 'grams';
  return 'other';
}
