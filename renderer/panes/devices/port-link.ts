import type { z } from 'zod';
import type { DeviceLink, serialPort } from '../../../common/contract/devices.ts';

export type SerialPort = z.infer<typeof serialPort>;

export const bauds = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600] as const;
export const usualBaud = 57_600;

/**
 * What a person named: an address `host:port`, or a port's path. A port with a USB identity is named by it: another
 * socket is then the same device.
 */
export function linkOf(typed: string, ports: SerialPort[], baud: number): DeviceLink {
  const address = /^([a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(typed);
  if (address) return { by: 'tcp', host: address[1]!.replace(/^\[|\]$/g, ''), port: Number(address[2]) };
  const port = ports.find(({ path }) => path === typed);
  if (!port?.vendorId || !port.productId) return { by: 'path', path: typed, baud };
  const { vendorId, productId, serialNumber } = port;
  return { by: 'usb', vendorId, productId, baud, ...(serialNumber && { serialNumber }) };
}

/** The link as a person would write it. */
export function linkText(link: DeviceLink): string {
  if (link.by === 'path') return link.path;
  if (link.by === 'tcp') return `${link.host}:${link.port}`;
  return `USB ${link.vendorId}:${link.productId}${link.serialNumber ? ` ${link.serialNumber}` : ''}`;
}
