import type { DeviceLink } from '../../common/contract/devices.ts';

/** The board's end of one virtual serial line. */
export interface BoardPort {
  /** How the room connects to it. */
  readonly link: DeviceLink;
  /** Prints; what nobody takes in time is dropped, as on a real line. */
  write(bytes: Uint8Array): void;
  /** The cable is pulled: the room's end hangs up. */
  unplug(): Promise<void>;
  /** The cable is back, at the same path. */
  plug(): Promise<void>;
  close(): Promise<void>;
}

/** Makes virtual lines: PTY pairs where there are any, TCP elsewhere. */
export interface BoardPorts {
  /** `log` is told what is lost on the line. */
  open(id: string, linkPath: string, log: (message: string) => void): Promise<BoardPort>;
  close(): void;
}
