import type { DeviceLink } from '../../common/contract/devices.ts';
import type { Link, LinkEvents } from './link.ts';
import { openSerialLink } from './serial-link.ts';
import { openTcpLink } from './tcp-link.ts';

/** Opens a link. Rejects with a WarroomError that says what to do: `taken`, `denied`, `not-found`, `unavailable`, `bad-input`. */
export function openLink(link: DeviceLink, events: LinkEvents): Promise<Link> {
  return link.by === 'tcp' ? openTcpLink(link, events) : openSerialLink(link, events);
}
