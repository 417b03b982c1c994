import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import type { FromDeviceHost, ToDeviceHost } from '../../common/wire/device-messages.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import { blockBytes } from './columns.ts';
import { createDevice, type Device } from './device.ts';
import { openLink } from './open-link.ts';
import { readPast } from './past.ts';
import { startProbe, type Probe } from './probe.ts';
import { createRawTap, type RawTap } from './raw-tap.ts';
import { createReader } from './reader.ts';
import { listPorts } from './serial-link.ts';

const blockInterval = 20;
const healthInterval = 500;
/** Within so long, in microseconds, the system keeps what devices send; after that it may be lost. */
const longestPause = 5_000_000;
/** A block is sent early when a column holds so many samples. */
const earlyAt = 16_384;
/** Samples that the host has not taken yet, in bytes. What is over is counted as lost: memory here has an end. */
const mostUnacknowledged = 64 * 1024 * 1024;

/** All devices of this process. `now`: microseconds since 1970 on the host's axis. */
export function createDeviceHost(now: () => number, post: (message: FromDeviceHost) => void) {
  const devices = new Map<string, Device>();
  const taps = new Map<string, RawTap>();
  const probes = new Map<number, Probe>();
  let unacknowledged = 0;
  let checkedAt = now();

  function connect({ spec, blockSeqs }: Extract<ToDeviceHost, { kind: 'connect' }>): void {
    if (devices.has(spec.id)) throw new WarroomError('taken', `There is a device ${spec.id} already.`);
    const reader = createReader(spec, blockSeqs, now());
    const tap = tapOf(spec.id);
    const onRead = (chunk: Uint8Array) => {
      tap.add(chunk);
      if (reader.waiting >= earlyAt) sendSamples();
    };
    devices.set(
      spec.id,
      createDevice(spec, reader, {
        now,
        beforeRead: noticePause,
        open: openLink,
        post,
        onRead,
        flush: sendSamples,
        onChange: sendHealth,
      }),
    );
    sendHealth();
  }

  function takePast({ device, past }: Extract<ToDeviceHost, { kind: 'past' }>): void {
    const reader = devices.get(device)?.reader;
    // Times rise: what came before can't be told after what came since.
    if (reader && reader.lastHeard === 0) readPast(reader, past, sendSamples);
  }

  /** Outlives the device: whoever looks does so through its next connection too. */
  function tapOf(device: string): RawTap {
    const tap = taps.get(device) ?? createRawTap(device);
    taps.set(device, tap);
    return tap;
  }

  function probe({ probe: id, link }: Extract<ToDeviceHost, { kind: 'probe' }>): void {
    const started = startProbe(link, {
      now,
      open: openLink,
      report: (report) => {
        if (report.phase === 'done') probes.delete(id);
        post({ kind: 'probe', probe: id, report });
      },
    });
    probes.set(id, started);
  }

  async function disconnect(id: string): Promise<void> {
    const device = devices.get(id);
    await device?.stop();
    // Before it is forgotten: what came last, and that it is stopped.
    sendSamples();
    sendHealth();
    if (devices.get(id) === device) devices.delete(id);
    post({ kind: 'disconnected', device: id });
  }

  async function answerPorts(request: number): Promise<void> {
    try {
      post({ kind: 'ports', request, ports: await listPorts(), problem: null });
    } catch (error) {
      const { code, message, hint } = fromSystem(error, 'List the serial ports');
      post({ kind: 'ports', request, ports: [], problem: { code, message, hint } });
    }
  }

  function sendSamples(): void {
    for (const { spec, reader } of devices.values()) {
      const columns = reader.takeNewColumns();
      if (columns.length > 0) post({ kind: 'columns', device: spec.id, columns });
    }
    const blocks = [...devices.values()].flatMap(({ reader }) => reader.takeBlocks());
    const bytes = blocks.reduce((sum, block) => sum + blockBytes(block), 0);
    if (unacknowledged + bytes > mostUnacknowledged) {
      blocks.forEach(dropped);
    } else if (blocks.length > 0) {
      unacknowledged += bytes;
      post({ kind: 'blocks', blocks, bytes });
    }
    for (const device of devices.values()) sendRest(device);
  }

  function sendRest({ spec, reader }: Device): void {
    for (const rejected of reader.takeRejected(now())) post({ kind: 'rejected', rejected });
    const remarks = reader.takeRemarks(now());
    if (remarks.length > 0) post({ kind: 'remarks', device: spec.id, remarks });
    const raw = taps.get(spec.id)?.take(now());
    if (raw) post({ kind: 'raw', raw });
    const count = reader.takeLost();
    if (count === 0) return;
    const reason = "The device's own numbers jump: events were lost on the way.";
    post({ kind: 'lost', device: spec.id, channels: reader.channels, at: now(), count, reason });
  }

  function dropped({ channel, seq, t }: SampleBlock): void {
    const reason = 'The host did not take the samples in time.';
    const [from, to] = [t[0]!, t.at(-1)!];
    post({
      kind: 'lost',
      device: channel.split('/')[0]!,
      channels: [channel],
      at: now(),
      count: t.length,
      reason,
      seq,
      from,
      to,
    });
  }

  function sendHealth(): void {
    post({ kind: 'health', health: [...devices.values()].map((device) => device.health()) });
  }

  /** A laptop that slept, a process that was held up, a clock that was set: the times before and after are not one run. */
  function noticePause(): void {
    const passed = now() - checkedAt;
    if (passed >= -longestPause && passed <= longestPause) return;
    checkedAt = now();
    const seconds = (Math.abs(passed) / 1e6).toFixed(1);
    const message =
      passed > 0
        ? `This computer did not read for ${seconds} s: what came meanwhile may be lost.`
        : `This computer's clock went back by ${seconds} s.`;
    for (const device of devices.values())
      device.stoodStill({ code: 'unavailable', message, hint: 'It goes on with the next line.' });
  }

  function eachHalfSecond(): void {
    // After a pause of this process let what waits be read before calling a device silent.
    const isOnTime = now() - checkedAt < 2 * healthInterval * 1000;
    noticePause();
    checkedAt = now();
    for (const device of devices.values()) {
      device.reader.turnRates();
      if (isOnTime) device.checkQuiet();
    }
    sendHealth();
  }

  setInterval(sendSamples, blockInterval);
  setInterval(eachHalfSecond, healthInterval);
  return {
    handle(message: ToDeviceHost): void {
      if (message.kind === 'connect') connect(message);
      else if (message.kind === 'past') takePast(message);
      else if (message.kind === 'disconnect') void disconnect(message.device);
      else if (message.kind === 'ports') void answerPorts(message.request);
      else if (message.kind === 'probe') probe(message);
      else if (message.kind === 'probe.cancel') probes.get(message.probe)?.cancel();
      else if (message.kind === 'raw') tapOf(message.device).look(message.on);
      else if (message.kind === 'raw.ack') taps.get(message.device)?.ack(message.bytes);
      else if (message.kind === 'ack') unacknowledged -= message.bytes;
    },
  };
}
