import type { DeviceHealth, DeviceSpec } from '../../common/contract/devices.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { DeviceLoss, FromDeviceHost } from '../../common/wire/device-messages.ts';
import { linkName } from '../../common/wire/link-name.ts';
import type { RejectedBytes, SampleBlock } from '../../common/wire/types.ts';
import { createListeners } from '../../common/lib/listeners.ts';
import { createPortRequests } from './ports.ts';
import { createDeviceProcess } from './process.ts';
import {
  createRecord,
  healthOf,
  noteBlock,
  outliveProcess,
  stopRecord,
  type DeviceRecord,
} from './record.ts';
import type { DeviceLinkEvent, Devices, DevicesDeps } from './types.ts';

type Message<K extends FromDeviceHost['kind']> = Extract<FromDeviceHost, { kind: K }>;

/** Starts the device-host and keeps it: a crash of it costs a gap and nothing else. */
export function createDevices({ platform, log }: DevicesDeps): Devices {
  const records = new Map<string, DeviceRecord>();
  const health = createWatchable<DeviceHealth[]>([]);
  const blocks = createListeners<SampleBlock[]>();
  const rejected = createListeners<RejectedBytes>();
  const links = createListeners<DeviceLinkEvent>();
  const losses = createListeners<DeviceLoss>();
  /** Disconnections under way, by device. */
  const leaving = new Map<string, () => void>();
  const portRequests = createPortRequests((request) => deviceProcess.post({ kind: 'ports', request }));

  const showHealth = () => health.set([...records.values()].map(healthOf));

  function tellLink(record: DeviceRecord, event: Omit<Message<'link'>, 'kind' | 'device'>): void {
    const { spec, channels } = record;
    record.isConnected = event.state === 'connected';
    record.wasConnected ||= record.isConnected;
    links.tell({ device: spec.id, name: spec.name, kind: spec.dialect, channels, ...event });
  }

  function onLink({ kind: _, device, ...event }: Message<'link'>): void {
    const record = records.get(device);
    if (record) tellLink(record, event);
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

  function onMessage(message: FromDeviceHost): void {
    if (message.kind === 'blocks') onBlocks(message);
    else if (message.kind === 'rejected') rejected.tell(message.rejected);
    else if (message.kind === 'link') onLink(message);
    else if (message.kind === 'health') onHealth(message);
    else if (message.kind === 'disconnected') onDisconnected(message);
    else if (message.kind === 'ports') portRequests.answer(message);
    else {
      const { kind: _, ...loss } = message;
      losses.tell(loss);
    }
  }

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
    for (const record of [...records.values()].filter((each) => isActive(each) || each.isConnected)) {
      const { link, lastHeard } = healthOf(record);
      if (record.isConnected)
        tellLink(record, { state: 'lost', at: lastHeard || platform.clock.now(), reason, link });
      if (isActive(record)) outliveProcess(record, reason);
    }
    showHealth();
  }

  const deviceProcess = createDeviceProcess({
    platform,
    onMessage,
    onStart: () => [...records.values()].filter(isActive).forEach(start),
    onCrash,
  });

  function checkFree(spec: DeviceSpec): void {
    const inUse = [...records.values()].filter((record) => isActive(record) || leaving.has(record.spec.id));
    const name = linkName(spec.link);
    if (inUse.some((record) => record.spec.id === spec.id))
      throw new WarroomError(
        'taken',
        `There is a device ${spec.id} already.`,
        'Disconnect it first, or choose another id.',
      );
    const other = inUse.find((record) => linkName(record.spec.link) === name);
    if (other)
      throw new WarroomError(
        'taken',
        `${other.spec.name} uses ${name} already.`,
        'Disconnect it first, or choose another port.',
      );
  }

  return {
    connect(spec) {
      checkFree(spec);
      const record = createRecord(spec, records.get(spec.id));
      records.set(spec.id, record);
      start(record);
      showHealth();
    },
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
    list: () => [...records.values()].filter(isActive).map(({ spec }) => spec),
    health,
    onBlocks: blocks.add,
    onRejected: rejected.add,
    onLink: links.add,
    onLost: losses.add,
    ports: portRequests.ask,
    close: () => deviceProcess.close(),
  };
}
