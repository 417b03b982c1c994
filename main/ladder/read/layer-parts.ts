import type { DeviceHealth } from '../../../common/contract/devices.ts';
import { instantOf, type Epoch, type ProfileLayer } from '../../../common/profile/index.ts';
import { utf8 } from '../../../common/lib/bytes.ts';
import type { CheckEvidence } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { channelParts, sourceOf, type ChannelParts } from './channel-parts.ts';
import { asOfLast, pathOf, readRows, rowsEvidence, valueReader, type RowsRead } from './rows.ts';
import { columnReader } from './table-reader.ts';
import { readTable } from './table.ts';

/** One part as a layer saw it. */
export interface LayerPart {
  /** Null: the layer only counts. */
  key: string | null;
  /** Microseconds since 1970 by this machine's clock; null: it is not told. */
  at: number | null;
  row: unknown;
}

/** All that a layer tells of its parts. */
export interface LayerRead {
  layer: ProfileLayer;
  /** In the order in which they came. */
  parts: LayerPart[];
  /** It has every part from this moment on; null: not known. */
  from: number | null;
  /** It has every part up to this moment. */
  asOf: number;
  /** The first part that there was, is among them. */
  fromFirst: boolean;
  /** Of a layer that gives only a number. */
  count: number | null;
  /** Seconds by which its times are coarse. */
  coarse: number;
  /** Its sensor was away for a while or lost events, so that it may have missed parts; says so. */
  gaps?: string;
  evidence: CheckEvidence[];
}

/** Why a layer can't be read. */
export interface LayerProblem {
  says: string;
  next: string;
  explainedBy?: string;
  evidence?: CheckEvidence[];
}

/** A clock that is so many microseconds off is put right; less can't be told from a Date, which has whole seconds. */
const leastOffset = 1_500_000;

/** Reads a layer: what it says of its parts, or why that can't be told. */
export async function readLayer(
  context: CheckContext,
  layer: ProfileLayer,
): Promise<LayerRead | LayerProblem> {
  const { source } = layer;
  if (source.by === 'channel') return readChannel(context, layer, source.channel);
  if (source.by === 'table') {
    const table = context.profile.tables.find(({ name }) => name === source.table)!;
    const read = await readTable(context, table);
    if (read.problem !== null) return notRead(layer, read, `tools.table ${table.name}`);
    const key = layer.key === undefined ? columnReader(table.keyColumn) : valueReader(layer.key);
    const { timeColumn, epoch } = table;
    return withRows(layer, read, key, timeColumn ? { read: columnReader(timeColumn), epoch } : null);
  }
  const service = context.profile.services.find(({ name }) => name === source.service)!;
  const path = service.paths.find((each) => each.path === source.path);
  const read = await readRows(context, service, pathOf(service, source.path));
  if (read.problem !== null) return notRead(layer, read, `tools.service ${service.name}`);
  if (layer.count !== undefined) return counted(layer, read, layer.count);
  const { time } = path ?? {};
  const key = valueReader(layer.key ?? path!.key!);
  return withRows(layer, read, key, time ? { read: valueReader(time.field), epoch: time.epoch } : null);
}

function notRead({ name }: ProfileLayer, read: RowsRead, check: string): LayerProblem {
  const says = `${name} can't be read. ${read.problem}`;
  // Without any answer nothing speaks against the service: it was never asked.
  if (read.seen.length === 0) return { says, next: read.next };
  return { says, next: read.next, explainedBy: check, evidence: [rowsEvidence(`${name}.txt`, read)] };
}

function readChannel(context: CheckContext, layer: ProfileLayer, channel: string): LayerRead | LayerProblem {
  const id = sourceOf(context.profile, channel).split('/')[0]!;
  const device = context.devices().find((each) => each.id === id);
  const fault = context.faults().find((each) => each.device === id);
  const isProfiled = context.profile.devices.some((each) => each.id === id);
  if (isProfiled && (fault || (device && device.state !== 'connected')))
    return {
      says: `${layer.name} can't be counted: ${fault ? `${device?.name ?? id} shows “${fault.title}”` : `${device!.name} is ${device!.state}`}.`,
      next: 'Mend the sensor first, then run this again.',
      explainedBy: `tools.device ${id}`,
      evidence: [sensorEvidence(id, device, fault)],
    };
  const found = channelParts(context, channel);
  if (!found)
    return {
      says: `${layer.name} can't be counted: nothing is captured of ${sourceOf(context.profile, channel)}.`,
      next: 'Connect its device under Devices, and let some parts pass.',
    };
  const parts = found.times.map((at) => ({ key: null, at, row: null }));
  const { from, to: asOf } = found;
  const gaps = device && (device.gaps.count > 0 || device.lost > 0) ? gapsOf(device) : null;
  const evidence = [timesEvidence(layer.name, channel, found)];
  const read = { layer, parts, from, asOf, fromFirst: false, count: null, coarse: 0, evidence };
  return gaps === null ? read : { ...read, gaps };
}

function sensorEvidence(id: string, device: unknown, fault: unknown): CheckEvidence {
  const text = JSON.stringify({ device: device ?? null, fault: fault ?? null }, null, 2);
  return { name: `${id}-state.json`, media: 'application/json', bytes: utf8(text) };
}

/** When the channel saw its parts, since when it is heard: what a person can hold against the scope. */
function timesEvidence(name: string, channel: string, { times, from, to }: ChannelParts): CheckEvidence {
  const text = JSON.stringify({ channel, from, to, parts: times.length, times: times.slice(-500) }, null, 2);
  return { name: `${name}-parts.json`, media: 'application/json', bytes: utf8(text) };
}

const gapsOf = ({ name, gaps, lost }: DeviceHealth) =>
  `${name} had ${gaps.count} gap${gaps.count === 1 ? '' : 's'} (${(gaps.micros / 1e6).toFixed(1)} s in all) and lost ${lost} events`;

function counted(layer: ProfileLayer, read: RowsRead, field: string): LayerRead | LayerProblem {
  const count = valueReader(field)(read.rows.length === 1 ? read.rows[0] : read.rows);
  if (typeof count !== 'number')
    return {
      says: `${layer.name} gives no number at ${field}.`,
      next: 'Compare its answer with the profile (rung 4).',
    };
  const evidence = [rowsEvidence(`${layer.name}.txt`, read)];
  return { layer, parts: [], from: null, asOf: read.asOf, fromFirst: true, count, coarse: 0, evidence };
}

function withRows(
  layer: ProfileLayer,
  read: RowsRead,
  key: (row: unknown) => unknown,
  time: { read: (row: unknown) => unknown; epoch: Epoch } | null,
): LayerRead | LayerProblem {
  const offset = clockOffset(read);
  const parts = read.rows.map((row): LayerPart => {
    const at = time && instantOf(time.read(row), time.epoch);
    return { key: keyText(key(row)), at: at === null ? null : at - offset, row };
  });
  const known = parts.filter(({ key: text }) => text !== null);
  if (known.length < parts.length)
    return {
      evidence: [rowsEvidence(`${layer.name}.txt`, read)],
      says: `${parts.length - known.length} of ${parts.length} rows of ${layer.name} do not say which part they are of.`,
      next: 'Compare its rows with the profile (rung 4): the key may be called otherwise now.',
    };
  const times = known.flatMap(({ at }) => (at === null ? [] : [at]));
  const isTimed = times.length === known.length && times.length > 0;
  const coarse = isTimed && times.every((at) => (at + offset) % 1e6 === 0) ? 1 : 0;
  return {
    layer,
    parts: isTimed ? known : known.map((part) => ({ ...part, at: null })),
    from: isTimed ? times.reduce((least, at) => Math.min(least, at)) : null,
    asOf: read.toLast
      ? read.asOf
      : Math.min(
          read.asOf,
          times.reduce((most, at) => Math.max(most, at), 0),
        ),
    fromFirst: read.fromFirst,
    count: null,
    coarse,
    evidence: [rowsEvidence(`${layer.name}.txt`, read)],
  };
}

function keyText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Microseconds by which the clock of what answered is ahead, by the Date of its newest answer; 0 where that is not sure. */
function clockOffset({ seen }: RowsRead): number {
  const last = seen.findLast(({ answer }) => answer);
  const date = Date.parse(last?.answer?.headers.date ?? '') * 1000;
  if (!last || Number.isNaN(date) || asOfLast([last]) !== last.sent) return 0;
  const offset = date - last.sent;
  return Math.abs(offset) < leastOffset ? 0 : offset;
}
