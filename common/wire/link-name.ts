import type { DeviceLink } from '../contract/devices.ts';

/** How a link is named before it is open. */
export function linkName(link: DeviceLink): string {
  if (link.by === 'path') return `serial:${link.path}`;
  if (link.by === 'tcp') return `tcp:${link.host}:${link.port}`;
  return `usb:${link.vendorId}:${link.productId}${link.serialNumber ? `:${link.serialNumber}` : ''}`;
}
