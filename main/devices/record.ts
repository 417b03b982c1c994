import { cutText } from '../../common/lib/cut-text.ts';
import type { DeviceHealth, DeviceSpec } from '../../common/contract/devices.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { createClockEstimator, type ClockEstimator } from '../../common/signal/device-clock.ts';
import type { LinkHealth } from '../../common/wire/device-messages.ts';
import { dialectOf } from '../../common/wire/index.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { DialectColumn, Remark, SampleBlock } from '../../common/wire/types.ts';
import { createSampleRates, type SampleRates } from './sample-rates.ts';

/** What the host knows of a device, through crashes of the process that reads it. */
export interface DeviceRecord {
  spec: DeviceSpec;
  channels: ChannelInfo[];
  /** Number of the next block per channel. */
  blockSeqs: Record<string, number>;
  /** What the present process says of it. */
  link: LinkHealth;
  /** Counts of processes before the present one. */
  before: { rejectedBytes: number; rejectedLines: number; reconnects: number; lastHeard: number };
  /** Whether listeners were told that it is connected. */
  isConnected: boolean;
  /** Whether it was ever connected in the present process. */
  wasConnected: boolean;
  rates: SampleRates;
  clock: ClockEstimator;
  /** Times without it that are over, and since when it is missing now. */
  gaps: { count: number; micros: number; since: number | null };
  lost: number;
  remarks: Remark[];
}

const mostRemarks = 8;

/** A new record; `old` is that of a stopped device of the same id, whose blocks are numbered on. */
export function createRecord(spec: DeviceSpec, old: DeviceRecord | undefined): DeviceRecord {
  return {
    spec,
    channels: firstChannels(spec, dialectOf(spec.dialect, spec.options).columns),
    blockSeqs: { ...old?.blockSeqs },
    link: untouched(spec, 'connecting'),
    before: { rejectedBytes: 0, rejectedLines: 0, reconnects: 0, lastHeard: 0 },
    isConnected: false,
    wasConnected: false,
    rates: createSampleRates(),
    clock: createClockEstimator(),
    gaps: { count: 0, micros: 0, since: null },
    lost: 0,
    remarks: [],
  };
}

/** The one signal of a device is called as the device is. */
function firstChannels(spec: DeviceSpec, columns: readonly DialectColumn[]): ChannelInfo[] {
  const channels = channelsOf(spec, columns);
  return channels.length === 1 ? [{ ...channels[0]!, name: cutText(spec.name, 100) }] : channels;
}

function channelsOf(spec: DeviceSpec, columns: readonly DialectColumn[]): ChannelInfo[] {
  return columns.map(({ column, name, unit, kind }) => ({
    id: `${spec.id}/${column}`,
    name: cutText(`${spec.name} ${name}`, 100),
    unit,
    kind,
  }));
}

/** Columns that the device's lines told. Answers the channels that are new: a new process tells all of them again. */
export function addColumns(record: DeviceRecord, columns: readonly DialectColumn[]): ChannelInfo[] {
  const known = new Set(record.channels.map(({ id }) => id));
  const added = channelsOf(record.spec, columns).filter(({ id }) => !known.has(id));
  record.channels = [...record.channels, ...added];
  return added;
}

function untouched(spec: DeviceSpec, state: LinkHealth['state']): LinkHealth {
  return {
    id: spec.id,
    link: linkName(spec.link),
    identity: null,
    state,
    problem: null,
    bytesPerSecond: 0,
    linesPerSecond: 0,
    rejectedBytes: 0,
    rejectedLines: 0,
    reconnects: 0,
    lastHeard: 0,
  };
}

/** Notes a block: its number, so that a next process goes on after it; its rate; what it says of the device's clock. */
export function noteBlock(record: DeviceRecord, block: SampleBlock): void {
  record.blockSeqs[block.channel] = block.seq + 1;
  record.rates.note(block);
  const arrived = block.t.at(-1);
  if (block.deviceTime !== undefined && arrived !== undefined) record.clock.add(block.deviceTime, arrived);
}

export function noteRemarks(record: DeviceRecord, remarks: Remark[]): void {
  record.remarks = [...record.remarks, ...remarks].slice(-mostRemarks);
}

/** The link is there or not, from `at` on. */
export function noteLink(record: DeviceRecord, state: 'connected' | 'lost', at: number): void {
  const { gaps } = record;
  record.isConnected = state === 'connected';
  record.wasConnected ||= record.isConnected;
  if (state === 'lost') gaps.since ??= at;
  else if (gaps.since !== null) {
    gaps.count++;
    gaps.micros += Math.max(0, at - gaps.since);
    gaps.since = null;
  }
}

/** The process that read it is gone: its counts are put to those before. */
export function outliveProcess(record: DeviceRecord, reason: string): void {
  const { before, link } = record;
  before.rejectedBytes += link.rejectedBytes;
  before.rejectedLines += link.rejectedLines;
  before.reconnects += link.reconnects + (record.wasConnected ? 1 : 0);
  before.lastHeard = Math.max(before.lastHeard, link.lastHeard);
  record.wasConnected = false;
  const problem = { code: 'internal', message: reason, hint: 'It is started again by itself.' };
  const { link: name, identity } = link;
  record.link = { ...untouched(record.spec, 'lost'), link: name, identity, problem };
}

/** No process reads it any more. That it is away since then is no gap. */
export function stopRecord(record: DeviceRecord): void {
  record.link = { ...record.link, state: 'stopped', problem: null, bytesPerSecond: 0, linesPerSecond: 0 };
  record.gaps.since = null;
}

/** As the contract shows it at host time `now`. */
export function healthOf(record: DeviceRecord, now: number): DeviceHealth {
  const { spec, channels, link, before, gaps, clock } = record;
  const away = gaps.since === null ? 0 : Math.max(0, now - gaps.since);
  const estimate = clock.estimate();
  return {
    ...link,
    name: spec.name,
    dialect: spec.dialect,
    spec,
    channels,
    rates: link.state === 'stopped' ? {} : record.rates.at(now),
    rejectedBytes: before.rejectedBytes + link.rejectedBytes,
    rejectedLines: before.rejectedLines + link.rejectedLines,
    reconnects: before.reconnects + link.reconnects,
    gaps: { count: gaps.count + (gaps.since === null ? 0 : 1), micros: gaps.micros + away },
    lost: record.lost,
    remarks: record.remarks,
    clock: estimate && { ...estimate, jumps: clock.jumps, lastJump: clock.lastJump },
    lastHeard: Math.max(before.lastHeard, link.lastHeard),
  };
}
