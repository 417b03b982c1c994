/** A device by what it says of itself on USB: it is the same at whichever port it is plugged in. */
import type { DeviceLink } from '../../common/contract/devices.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { PortInfo } from '../../common/wire/device-messages.ts';

/** vid:pid:serial number, as `device.connected` keeps it; undefined for what is no USB device. */
export function identityOf(port: PortInfo): string | undefined {
  if (!port.vendorId || !port.productId) return undefined;
  return [port.vendorId, port.productId, port.serialNumber ?? ''].join(':').toLowerCase();
}

/** The one port with this identity. Throws `not-found` when it is not plugged in, `bad-input` when there are several. */
export function portOf(ports: readonly PortInfo[], spec: Extract<DeviceLink, { by: 'usb' }>): PortInfo {
  const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
  const matches = ports.filter(
    (port) =>
      same(port.vendorId, spec.vendorId) &&
      same(port.productId, spec.productId) &&
      (spec.serialNumber === undefined || same(port.serialNumber, spec.serialNumber)),
  );
  const [first, second] = matches;
  const wanted = `${spec.vendorId}:${spec.productId}${spec.serialNumber ? `:${spec.serialNumber}` : ''}`;
  if (!first)
    throw new WarroomError(
      'not-found',
      `No USB device ${wanted} is plugged in.`,
      'Plug it in. It is tried again by itself.',
    );
  if (second)
    throw new WarroomError(
      'bad-input',
      `${matches.length} devices are ${wanted}: ${matches.map(({ path }) => path).join(', ')}.`,
      'Name its serial number as well, or unplug the other.',
    );
  return first;
}
