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
  /** Changes the rate of an open port, without closing it: boards restart when it is opened. None where there is no rate to change. */
  setBaud?(baud: number): Promise<void>;
  /** Resolves when the system has taken the bytes. Rejects with `unavailable` when the link is not open. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}
