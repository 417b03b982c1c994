import { expect, it, onTestFinished } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { FromDeviceHost, PortInfo } from '../../common/wire/device-messages.ts';
import { createPtyPair } from '../../test/fakes/pty-pair.ts';
import { createDevice } from './device.ts';
import { createReader } from './reader.ts';
import { openSerialLink } from './serial-link.ts';

const board = { vendorId: '1A86', productId: '7523' };
const usb = { by: 'usb', vendorId: '1a86', productId: '7523', baud: 57_600 } as const;

/** A device on the ports that the test plugs, all of them real lines. */
function watch(link: DeviceSpec['link'] & { by: 'usb' }) {
  let ports: PortInfo[] = [];
  const links: Extract<FromDeviceHost, { kind: 'link' }>[] = [];
  let problem = '';
  const wakes = new Set<() => void>();
  const changed = () => wakes.forEach((wake) => wake());
  const now = () => Date.now() * 1000;
  const spec: DeviceSpec = { id: 'a', name: 'A', dialect: 'hx711-csv', link };
  const reader = createReader(spec, {}, now());
  const device = createDevice(spec, reader, {
    now,
    beforeRead: () => undefined,
    open: (_link, events) => openSerialLink(link, events, () => Promise.resolve(ports)),
    post: (message) => {
      if (message.kind === 'link') links.push(message);
    },
    onRead: changed,
    flush: () => undefined,
    onChange: () => {
      problem = device?.health().problem?.message ?? '';
      changed();
    },
  });
  onTestFinished(() => device.stop());
  return {
    links,
    reader,
    problem: () => problem,
    plugged: (now: PortInfo[]) => void (ports = now),
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await new Promise<void>((resolve) => wakes.add(resolve)).finally(() => wakes.clear());
    },
  };
}

function plug(serialNumber?: string) {
  const pair = createPtyPair();
  onTestFinished(() => pair.unplug());
  return { pair, port: { path: pair.path, ...board, ...(serialNumber && { serialNumber }) } };
}

it.each([['A5X'], [undefined]])(
  'is the same device at another port after a re-plug (serial number %s)',
  async (serialNumber) => {
    const device = watch({ ...usb, ...(serialNumber && { serialNumber }) });
    const [first, second] = [plug(serialNumber), plug(serialNumber)];
    expect(second.pair.path).not.toBe(first.pair.path);
    device.plugged([{ path: '/dev/ttyS0' }, first.port]);
    await device.until(() => device.links.length === 1);
    await first.pair.unplug();
    await device.until(() => device.links.length === 2);
    device.plugged([{ path: '/dev/ttyS0' }]);
    await device.until(() => device.problem().includes('No USB device 1a86:7523'));
    device.plugged([second.port, { path: '/dev/ttyS0' }]);
    await device.until(() => device.links.length === 3);
    await second.pair.write('7,7\n');
    await device.until(() => device.reader.lastHeard > 0);
    const identity = `1a86:7523:${serialNumber?.toLowerCase() ?? ''}`;
    expect(device.links).toMatchObject([
      { state: 'connected', link: `serial:${first.pair.path}`, identity },
      { state: 'lost' },
      { state: 'connected', link: `serial:${second.pair.path}`, identity },
    ]);
  },
);

it('asks which one is meant while two of its kind are plugged in, and goes on when one is left', async () => {
  const device = watch(usb);
  const [first, second] = [plug(), plug()];
  device.plugged([first.port, second.port]);
  await device.until(() => device.problem().startsWith('2 devices are 1a86:7523'));
  expect(device.links).toEqual([]);
  device.plugged([second.port]);
  await device.until(() => device.links.length === 1);
  expect(device.links[0]?.link).toBe(`serial:${second.pair.path}`);
});
