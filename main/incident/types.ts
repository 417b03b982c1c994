import type { State } from '../../common/incident/state.ts';
import type { Ledger } from '../ledger/types.ts';

/** The incident that is open in this room. Throws `not-found` when none is. */
export type CurrentLedger = () => Ledger;

/** Its fold, or that of an empty room. */
export type CurrentState = () => State;
