import type {
  InferContractRouterInputs,
  InferContractRouterOutputs,
  AnyContractRouter,
} from '@orpc/contract';
import type { Role } from '../../common/incident/roles.ts';
import type { Actor, SignedRequest } from '../../common/ledger/types.ts';

/** One stream on the caller's bulk link. It closes with the link. */
export interface BulkStream {
  readonly id: number;
  /** Bytes that the page still takes. Never send more: wait for `onCredit`. */
  readonly credit: number;
  send(payload: Uint8Array): void;
  onCredit(listener: () => void): void;
  /** Data from the page; it is credited again when the promise resolves. */
  onData(listener: (payload: Uint8Array) => void | Promise<void>): void;
  /** The page ended its side. */
  onEnd(listener: () => void): void;
  /** Closed from either side, or the link was lost. Called once. */
  onClose(listener: () => void): void;
  end(): void;
  fail(message: string): void;
}

/** Who calls a method, and over what. The role was checked before the handler runs. */
export interface Call {
  seat: { id: string; role: Role; local: boolean };
  /** The caller's link: the same object in every call over one link. Stream ids are a link's own. */
  link: object;
  /** The actor to write into entries. */
  actor: Actor;
  /** The request as signed by the seat's key, for entries it causes. Absent for reads and for the host's own seat. */
  req?: SignedRequest;
  /** Aborted when the caller is gone or cancelled the call. */
  signal: AbortSignal | undefined;
  /** Opens a stream on the caller's bulk link. Throws `unavailable` when it has none. */
  openStream(): BulkStream;
}

/** Plain functions for one service of the contract. They know nothing of the transport; they throw WarroomError. */
export type Handlers<R extends AnyContractRouter & object> = {
  [K in keyof R]: R[K] extends AnyContractRouter
    ? (
        input: InferContractRouterInputs<R>[K & keyof InferContractRouterInputs<R>],
        call: Call,
      ) => Answer<R, K>
    : never;
};

type Answer<R extends AnyContractRouter, K extends keyof R> =
  | Streamed<InferContractRouterOutputs<R>[K & keyof InferContractRouterOutputs<R>]>
  | Promise<Streamed<InferContractRouterOutputs<R>[K & keyof InferContractRouterOutputs<R>]>>;

/** A stream's handler is any async iterable of its events. */
type Streamed<T> = T extends AsyncIterator<infer Event, unknown, unknown> ? AsyncIterable<Event> : T;
