export { createLedgerApi } from './api.ts';
export { appendFor } from './append-for.ts';
export { openKeys, type IdentityKey, type Keys } from './keys.ts';
export { createLedgerRoom, type IncidentSummary, type LedgerRoom } from './room.ts';
export type { Draft, Ledger, SignedCheckpoint } from './types.ts';
