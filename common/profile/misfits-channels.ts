import { dialectOf } from '../wire/index.ts';
import type { Misfit } from './misfits-names.ts';
import { idOfChannel, inputsOfChannel } from './parts/channel.ts';
import type { ProfileDevice } from './parts/device.ts';
import type { ProfileService } from './parts/service.ts';
import type { ProfileShape } from './shape.ts';

/** Columns by the device or service whose they are; null where only its lines will tell. */
type Columns = Map<string, string[] | null>;

/** Columns of devices that are described and not there, and virtual channels that read what is not there. */
export function channelMisfits(profile: ProfileShape): Misfit[] {
  const columns = columnsOf(profile);
  const virtual: string[] = [];
  const inputs = profile.channels.flatMap((channel, index) => {
    const known = [...virtual];
    virtual.push(idOfChannel(channel));
    const path = ['channels', index, ...(channel.count ? ['count', 'channel'] : ['expression'])];
    return inputsOfChannel(channel).flatMap((input) => {
      const message = unknownChannel(input, columns, known, profile.channels.map(idOfChannel));
      return message === null ? [] : [{ path, message }];
    });
  });
  return [...profile.devices.flatMap(deviceMisfits), ...inputs];
}

/** Why there is no such channel; null when there is one, or may be. */
export function channelProblem(profile: ProfileShape, channel: string): string | null {
  const all = profile.channels.map(idOfChannel);
  return unknownChannel(channel, columnsOf(profile), all, all);
}

function unknownChannel(channel: string, columns: Columns, known: string[], all: string[]): string | null {
  const [owner, column] = [channel.slice(0, channel.indexOf('/')), channel.slice(channel.indexOf('/') + 1)];
  if (owner === 'math' || owner === 'count') {
    if (known.includes(channel)) return null;
    if (all.includes(channel)) return `${channel} stands after this one: a channel reads those before it.`;
    return `There is no channel ${channel} among the channels.`;
  }
  const theirs = columns.get(owner);
  if (theirs === undefined) return `There is no device or service "${owner}".`;
  if (theirs === null || theirs.includes(column)) return null;
  return `${owner} has no column "${column}": it has ${theirs.join(', ')}.`;
}

function columnsOf({ devices, services }: ProfileShape): Columns {
  return new Map<string, string[] | null>([
    ...services.map((service) => [service.name, serviceColumns(service)] as const),
    ...devices.map((device) => [device.id, deviceColumns(device)] as const),
  ]);
}

/** Those of its dialect; where a dialect has none of its own, those that the profile names, if it does. */
function deviceColumns({ dialect, columns }: ProfileDevice): string[] | null {
  const fixed = dialectOf(dialect).columns.map(({ column }) => column);
  const told = fixed.length > 0 ? fixed : columns.map(({ column }) => column);
  return told.length > 0 ? told : null;
}

const serviceColumns = ({ columns, metrics }: ProfileService): string[] => [
  'up',
  'answer',
  ...[...columns, ...(metrics?.columns ?? [])].map(({ column }) => column),
];

function deviceMisfits(device: ProfileDevice, index: number): Misfit[] {
  const there = deviceColumns(device);
  if (!there) return [];
  const check = (part: 'columns' | 'calibration') =>
    device[part].flatMap(({ column }, at): Misfit[] =>
      there.includes(column)
        ? []
        : [
            {
              path: ['devices', index, part, at, 'column'],
              message: `${device.id} has no column "${column}": it has ${there.join(', ')}.`,
            },
          ],
    );
  return [...check('columns'), ...check('calibration')];
}
