import type { Actor } from './types.ts';

/** The host itself, as the actor of what it writes down by itself. */
export const hostActor: Actor = { kind: 'system', id: 'host', role: 'system' };
