import type { DeviceLink } from '../../common/contract/devices.ts';
import { openSerialLink } from './serial-link.ts';
import { openTcpLink } from './tcp-link.ts';

/** What a link tells its owner. After `onClose` (called once) nothing follows. */
export interface LinkEvents {
  onData(chunk: Uint8Array): void;
  onClose(reason: string): void;
}

/** An open way to a device. Every connection is a new one: a link is never opened again. */
export interface Link {
  /** As `device.connected` names it: serial:/dev/ttyACM0, tcp:127.0.0.1:9000. */
  readonly name: string;
  /** USB identity vid:pid:serial number, where it is known. */
  readonly identity?: string;
  readonly isOpen: boolean;
  /** Resolves when the system has taken the bytes. Rejects with `unavailable` when the link is not open. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** Opens a link. Rejects with a WarroomError that says what to do: `taken`, `denied`, `not-found`, `unavailable`, `bad-input`. */
export function openLink(link: DeviceLink, events: LinkEvents): Promise<Link> {
  return link.by === 'tcp' ? openTcpLink(link, events) : openSerialLink(link, events);
}
