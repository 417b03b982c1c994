import { cutText } from '../../common/lib/cut-text.ts';
import type { DeviceHealth, DeviceSpec } from '../../common/contract/devices.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { LinkHealth } from '../../common/wire/device-messages.ts';
import { dialectOf } from '../../common/wire/index.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { SampleBlock } from '../../common/wire/types.ts';

/** What the host knows of a device, through crashes of the process that reads it. */
export interface DeviceRecord {
  spec: DeviceSpec;
  channels: ChannelInfo[];
  /** Number of the next block per channel. */
  blockSeqs: Record<string, number>;
  /** What the present process says of it. */
  link: LinkHealth;
  /** Counts of processes before the present one. */
  before: { rejectedBytes: number; reconnects: number; lastHeard: number };
  /** Whether listeners were told that it is connected. */
  isConnected: boolean;
  /** Whether it was ever connected in the present process. */
  wasConnected: boolean;
}

/** A new record; `old` is that of a stopped device of the same id, whose blocks are numbered on. */
export function createRecord(spec: DeviceSpec, old: DeviceRecord | undefined): DeviceRecord {
  return {
    spec,
    channels: channelsOf(spec),
    blockSeqs: { ...old?.blockSeqs },
    link: untouched(spec, 'connecting'),
    before: { rejectedBytes: 0, reconnects: 0, lastHeard: 0 },
    isConnected: false,
    wasConnected: false,
  };
}

function channelsOf(spec: DeviceSpec): ChannelInfo[] {
  return dialectOf(spec.dialect).columns.map(({ column, name, unit, kind }) => ({
    id: `${spec.id}/${column}`,
    name: cutText(`${spec.name} ${name}`, 100),
    unit,
    kind,
  }));
}

function untouched(spec: DeviceSpec, state: LinkHealth['state']): LinkHealth {
  return {
    id: spec.id,
    link: linkName(spec.link),
    state,
    problem: null,
    bytesPerSecond: 0,
    linesPerSecond: 0,
    rejectedBytes: 0,
    reconnects: 0,
    lastHeard: 0,
  };
}

/** Notes a block's number, so that a next process goes on after it. */
export function noteBlock(record: DeviceRecord, block: SampleBlock): void {
  record.blockSeqs[block.channel] = block.seq + 1;
}

/** The process that read it is gone: its counts are put to those before. */
export function outliveProcess(record: DeviceRecord, reason: string): void {
  const { before, link } = record;
  before.rejectedBytes += link.rejectedBytes;
  before.reconnects += link.reconnects + (record.wasConnected ? 1 : 0);
  before.lastHeard = Math.max(before.lastHeard, link.lastHeard);
  record.wasConnected = false;
  const problem = { code: 'internal', message: reason, hint: 'It is started again by itself.' };
  record.link = { ...untouched(record.spec, 'lost'), link: link.link, problem };
}

/** No process reads it any more. */
export function stopRecord(record: DeviceRecord): void {
  record.link = { ...record.link, state: 'stopped', problem: null, bytesPerSecond: 0, linesPerSecond: 0 };
}

/** As the contract shows it. */
export function healthOf({ spec, channels, link, before }: DeviceRecord): DeviceHealth {
  return {
    ...link,
    name: spec.name,
    dialect: spec.dialect,
    channels,
    rejectedBytes: before.rejectedBytes + link.rejectedBytes,
    reconnects: before.reconnects + link.reconnects,
    lastHeard: Math.max(before.lastHeard, link.lastHeard),
  };
}
