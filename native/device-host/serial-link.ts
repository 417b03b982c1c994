import { SerialPort } from 'serialport';
import type { DeviceLink } from '../../common/contract/devices.ts';
import type { PortInfo } from '../../common/wire/device-messages.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { noticeHangUp } from './hang-up.ts';
import type { Link, LinkEvents } from './link.ts';
import { pathFacts } from './path-facts.ts';
import { brokenLink, isTaken, notOpen, serialProblem } from './problems.ts';
import { identityOf, portOf } from './usb-identity.ts';

type SerialSpec = Exclude<DeviceLink, { by: 'tcp' }>;

/**
 * Opens a serial port or PTY by its path, or the one USB device of an identity wherever it is plugged in now. Always with a
 * new SerialPort.
 */
export async function openSerialLink(
  spec: SerialSpec,
  events: LinkEvents,
  list: () => Promise<PortInfo[]> = listPorts,
): Promise<Link> {
  const found = spec.by === 'usb' ? portOf(await list(), spec) : { path: spec.path };
  const port = new SerialPort({ path: found.path, baudRate: spec.baud, autoOpen: false });
  const failure = await new Promise<Error | null>((resolve) => port.open(resolve));
  if (failure) throw await problemOf(failure, found.path);
  noticeHangUp(port);
  return linkOver(port, found, events, await hasRate(port));
}

async function problemOf(failure: Error, path: string): Promise<WarroomError> {
  const facts = await pathFacts(path, isTaken(messageOf(failure), process.platform), listPorts);
  return serialProblem(failure, facts);
}

/** A PTY opens at any rate and has none: asked for its modem lines it says ENOTTY. */
function hasRate(port: SerialPort): Promise<boolean> {
  return new Promise((resolve) => port.get((error) => resolve(!error)));
}

function linkOver(port: SerialPort, found: PortInfo, events: LinkEvents, hasRate: boolean): Link {
  const name = `serial:${found.path}`;
  const closed = new Promise<void>((resolve) => port.once('close', () => resolve()));
  port.on('data', (chunk: Uint8Array) => events.onData(chunk));
  port.once('close', (error: Error | null) =>
    events.onClose(error ? `unplugged (${error.message})` : 'closed'),
  );
  // The port closes after an error that ends it; one that does not end it must not end this process.
  port.on('error', (error: Error) => {
    if (port.isOpen) port.close(() => undefined);
    else if (!port.closing) events.onClose(messageOf(error));
  });
  const identity = identityOf(found);
  return {
    name,
    ...(identity === undefined ? {} : { identity }),
    get isOpen() {
      return port.isOpen;
    },
    ...(hasRate && { setBaud: (baud: number) => setBaud(port, baud) }),
    write: (bytes) => writeTo(port, name, bytes),
    close: async () => {
      if (port.isOpen) port.close(() => undefined);
      if (port.isOpen || port.closing) await closed;
    },
  };
}

/** serialport queues a write to a closed port and sends it after the next open: so never let one through. */
function writeTo(port: SerialPort, name: string, bytes: Uint8Array): Promise<void> {
  if (!port.isOpen) return Promise.reject(notOpen(name));
  return new Promise((resolve, reject) =>
    port.write(Buffer.from(bytes), (error) => (error ? reject(brokenLink(error, name)) : resolve())),
  );
}

function setBaud(port: SerialPort, baudRate: number): Promise<void> {
  const name = `serial:${port.path}`;
  return new Promise((resolve, reject) =>
    port.update({ baudRate }, (error) => (error ? reject(brokenLink(error, name)) : resolve())),
  );
}

/** The system's serial ports. Throws `unavailable` when it can't list them (Linux needs udev). */
export async function listPorts(): Promise<PortInfo[]> {
  try {
    const ports = (await SerialPort.list()) as SystemPort[];
    return ports.map(infoOf);
  } catch (error) {
    throw new WarroomError(
      'unavailable',
      `The serial ports can't be listed: ${messageOf(error)}`,
      'On Debian install `udev`, or type the path of the port.',
    );
  }
}

/** As serialport lists it. */
interface SystemPort {
  path: string;
  manufacturer: string | undefined;
  serialNumber: string | undefined;
  vendorId: string | undefined;
  productId: string | undefined;
}

function infoOf(port: SystemPort): PortInfo {
  const { path, manufacturer, serialNumber, vendorId, productId } = port;
  return {
    path,
    ...(manufacturer ? { manufacturer } : {}),
    ...(serialNumber ? { serialNumber } : {}),
    ...(vendorId ? { vendorId } : {}),
    ...(productId ? { productId } : {}),
  };
}
