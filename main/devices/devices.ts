import type { DeviceHealth, DeviceLink, DeviceSpec } from '../../common/contract/devices.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { DeviceLoss, FromDeviceHost, LinkProblem } from '../../common/wire/device-messages.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { RejectedBytes, SampleBlock } from '../../common/wire/types.ts';
import { createListeners } from '../../common/lib/listeners.ts';
import { createPortRequests } from './ports.ts';
import { createProbes } from './probes.ts';
import { createDeviceProcess } from './process.ts';
import { createRawViews } from './raw-views.ts';
import {
  addColumns,
  createRecord,
  healthOf,
  noteBlock,
  noteLink,
  noteRemarks,
  outliveProcess,
  stopRecord,
  type DeviceRecord,
} from './record.ts';
import type { DeviceChannelsEvent, DeviceLinkEvent, Devices, DevicesDeps } from './types.ts';

type Message<K extends FromDeviceHost['kind']> = Extract<FromDeviceHost, { kind: K }>;

/** Starts the device-host and keeps it: a crash of it costs a gap and nothing else. */
export function createDevices({ platform, log }: DevicesDeps): Devices {
  const records = new Map<string, DeviceRecord>();
  const health = createWatchable<DeviceHealth[]>([]);
  const blocks = createListeners<SampleBlock[]>();
  const rejected = createListeners<RejectedBytes>();
  const links = createListeners<DeviceLinkEvent>();
  const channels = createListeners<DeviceChannelsEvent>();
  const losses = createListeners<DeviceLoss>();
  /** Disconnections under way, by device. */
  const leaving = new Map<string, () => void>();
  const portRequests = createPortRequests((request) => deviceProcess.post({ kind: 'ports', request }));

  const probes = createProbes((message) => deviceProcess.post(message));
  const rawViews = createRawViews((message) => deviceProcess.post(message));

  const showHealth = () => {
    const now = platform.clock.now();
    health.set([...records.values()].map((record) => healthOf(record, now)));
  };

  function tellLink(record: DeviceRecord, event: Omit<Message<'link'>, 'kind' | 'device'>): void {
    const { spec } = record;
    noteLink(record, event.state, event.at);
    links.tell({ device: spec.id, name: spec.name, kind: spec.dialect, channels: record.channels, ...event });
  }

  function onLink({ kind: _, device, ...event }: Message<'link'>): void {
    const record = records.get(device);
    if (record) tellLink(record, event);
  }

  function onColumns({ device, columns }: Message<'columns'>): void {
    const record = records.get(device);
    const added = record ? addColumns(record, columns) : [];
    if (!record || added.length === 0) return;
    channels.tell({ device, name: record.spec.name, added, channels: record.channels });
    showHealth();
  }

  function onBlocks({ blocks: received, bytes }: Message<'blocks'>): void {
    for (const block of received) {
      const record = records.get(block.channel.split('/')[0]!);
      if (record) noteBlock(record, block);
    }
    blocks.tell(received);
    deviceProcess.post({ kind: 'ack', bytes });
  }

  function onHealth({ health: received }: Message<'health'>): void {
    for (const link of received) {
      const record = records.get(link.id);
      if (record) record.link = link;
    }
    showHealth();
  }

  function onDisconnected({ device }: Message<'disconnected'>): void {
    const record = records.get(device);
    if (record) stopRecord(record);
    leaving.get(device)?.();
    leaving.delete(device);
    showHealth();
  }

  function onLost({ kind: _, ...loss }: Message<'lost'>): void {
    const record = records.get(loss.device);
    if (record) record.lost += loss.count;
    losses.tell(loss);
  }

  function onRemarks({ device, remarks }: Message<'remarks'>): void {
    const record = records.get(device);
    if (record) noteRemarks(record, remarks);
  }

  const takers: { [K in FromDeviceHost['kind']]: (message: Message<K>) => void } = {
    blocks: onBlocks,
    columns: onColumns,
    remarks: onRemarks,
    raw: ({ raw }) => rawViews.push(raw),
    probe: (message) => probes.take(message),
    rejected: (message) => rejected.tell(message.rejected),
    link: onLink,
    health: onHealth,
    disconnected: onDisconnected,
    ports: (message) => portRequests.answer(message),
    lost: onLost,
  };
  const onMessage = (message: FromDeviceHost) => takers[message.kind](message as never);

  const isActive = ({ link }: DeviceRecord) => link.state !== 'stopped';

  function start({ spec, blockSeqs }: DeviceRecord): void {
    deviceProcess.post({ kind: 'connect', spec, blockSeqs });
  }

  function onCrash(code: number | null): void {
    const reason = `The process that reads sensors ended (${code ?? 'by a signal'}).`;
    log?.(reason);
    for (const [id, done] of leaving) {
      stopRecord(records.get(id)!);
      done();
    }
    leaving.clear();
    portRequests.fail(reason);
    probes.fail(reason);
    for (const record of [...records.values()].filter((each) => isActive(each) || each.isConnected)) {
      const { link, lastHeard } = healthOf(record, platform.clock.now());
      if (record.isConnected)
        tellLink(record, { state: 'lost', at: lastHeard || platform.clock.now(), reason, link });
      if (isActive(record)) outliveProcess(record, reason);
    }
    showHealth();
  }

  const deviceProcess = createDeviceProcess({
    platform,
    onMessage,
    onStart: () => {
      rawViews.start();
      [...records.values()].filter(isActive).forEach(start);
    },
    onCrash,
  });

  const inUse = () => [...records.values()].filter((each) => isActive(each) || leaving.has(each.spec.id));

  /** Why the link can't be opened: a device of ours uses it. */
  function usedBy(link: DeviceLink): LinkProblem | null {
    const name = linkName(link);
    const other = inUse().find(
      (record) => linkName(record.spec.link) === name || (isActive(record) && record.link.link === name),
    );
    if (!other) return null;
    const message = `${other.spec.name} uses ${name} already.`;
    return { code: 'taken', message, hint: 'Disconnect it first, or choose another port.' };
  }

  function checkNew(spec: DeviceSpec): void {
    if (inUse().some((record) => record.spec.id === spec.id))
      throw new WarroomError(
        'taken',
        `There is a device ${spec.id} already.`,
        'Disconnect it first, or choose another id.',
      );
    const problem = usedBy(spec.link);
    if (problem) throw new WarroomError('taken', problem.message, problem.hint);
  }

  return {
    connect(spec) {
      checkNew(spec);
      const record = createRecord(spec, records.get(spec.id));
      records.set(spec.id, record);
      start(record);
      showHealth();
    },
    tellPast: (device, past) => void deviceProcess.post({ kind: 'past', device, past }),
    async disconnect(id) {
      const record = records.get(id);
      if (!record || !isActive(record)) throw new WarroomError('not-found', `No device ${id} is connected.`);
      await new Promise<void>((resolve) => {
        const before = leaving.get(id);
        leaving.set(id, () => {
          before?.();
          resolve();
        });
        if (!deviceProcess.post({ kind: 'disconnect', device: id }))
          onDisconnected({ kind: 'disconnected', device: id });
      });
    },
    probe: (link, signal) => probes.run(link, signal, usedBy(link)),
    openRaw(id, open) {
      if (!records.has(id)) throw new WarroomError('not-found', `There is no device ${id}.`);
      const stream = open();
      rawViews.open(id, stream);
      return stream.id;
    },
    list: () => [...records.values()].filter(isActive).map(({ spec }) => spec),
    health,
    onBlocks: blocks.add,
    onRejected: rejected.add,
    onLink: links.add,
    onChannels: channels.add,
    onLost: losses.add,
    ports: portRequests.ask,
    close: () => deviceProcess.close(),
  };
}
