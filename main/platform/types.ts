import type { Clock } from '../../common/lib/clock.ts';
import type { ClockAnchor } from './node/clock.ts';
import type { Crypto, Signer } from '../../common/lib/crypto.ts';

/** The other processes that a host may ask for. The rig's PTY pairs live in a second pty-host. */
export type ChildName = 'device-host' | 'pty-host';

/** A process of ours with a message channel: Node's fork or Electron's utilityProcess. Messages are structured-cloned. */
export interface Child {
  readonly pid: number | undefined;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also when it never started. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

/** Where private keys and tokens are kept. `warning` is shown to the person when it is weak. */
export interface Secrets {
  readonly kind: 'keychain' | 'file';
  readonly warning: string | null;
  /** Null when there is none of that name; throws `damaged` or `denied` when it is there but can't be read. */
  get(name: string): Promise<Uint8Array | null>;
  set(name: string, value: Uint8Array): Promise<void>;
}

/** What differs between plain Node and Electron. */
export interface Platform {
  readonly crypto: Crypto;
  readonly clock: Clock;
  /** Where `clock` is anchored, for processes that must stand on the same axis. */
  readonly anchor: ClockAnchor;
  readonly secrets: Secrets;
  random(bytes: number): Uint8Array;
  /** The signer of a 32-byte Ed25519 secret (RFC 8032). */
  signerFromSecret(secret: Uint8Array): Signer;
  fork(name: ChildName): Child;
}
