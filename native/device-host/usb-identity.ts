/** A device by what it says of itself on USB: it is the same at whichever port it is plugged in. */
import type { DeviceLink } from '../../common/contract/devices.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { PortInfo } from '../../common/wire/device-messages.ts';

/** vid:pid:serial number, as `device.connected` keeps it; undefined for what is no USB device. */
export function identityOf(port: PortInfo): string | undefined {
  if (!port.vendorId || !port.productId) return undefined;
  return [port.vendorId, port.productId, port.serialNumber ?? ''].join(':').toLowerCase();
}

type UsbLink = Extract<DeviceLink, { by: 'usb' }>;

/**
 * The one port with this identity; one without a serial number is known by its kind, while it is the only one of it.
 * Throws `not-found` when it is not plugged in, `bad-input` when there are several: only a person can say which is meant.
 */
export function portOf(ports: readonly PortInfo[], spec: UsbLink): PortInfo {
  const kind = ports.filter(
    ({ vendorId, productId }) => same(vendorId, spec.vendorId) && same(productId, spec.productId),
  );
  const { serialNumber } = spec;
  const matches =
    serialNumber === undefined ? kind : kind.filter((port) => same(port.serialNumber, serialNumber));
  const [first, second] = matches;
  if (!first) throw notPlugged(spec, kind);
  if (second) throw severalOf(spec, matches);
  return first;
}

const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
const nameOf = ({ vendorId, productId, serialNumber }: UsbLink) =>
  [vendorId, productId, ...(serialNumber ? [serialNumber] : [])].join(':');
const shown = ({ path, serialNumber }: PortInfo) =>
  `${path} (${serialNumber ? `serial number ${serialNumber}` : 'no serial number'})`;

function notPlugged(spec: UsbLink, others: PortInfo[]): WarroomError {
  const hint =
    others.length === 0
      ? 'Plug it in, at whichever port.'
      : `Of its kind there is ${others.map(shown).join(', ')}: if that takes its place, connect it.`;
  return new WarroomError('not-found', `No USB device ${nameOf(spec)} is plugged in.`, hint);
}

function severalOf(spec: UsbLink, matches: PortInfo[]): WarroomError {
  const canTell = matches.some(({ serialNumber }) => serialNumber);
  return new WarroomError(
    'bad-input',
    `${matches.length} devices are ${nameOf(spec)}: ${matches.map(shown).join(', ')}.`,
    canTell && spec.serialNumber === undefined
      ? 'Which one is meant? Connect it with its serial number, or unplug the others.'
      : 'Which one is meant? Nothing tells them apart: connect it by its path, or unplug the others.',
  );
}
