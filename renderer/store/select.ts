import { mayDo, whyNot, type Action } from '../../common/incident/roles.ts';
import { allRungs, holdsLead, type Seat, type State } from '../../common/incident/state.ts';
import type { Rung } from '../../common/ledger/types.ts';
import { useRoom, type RoomStore } from './store.ts';

/** The state that the panes show: that of the moment looked at, else the present's. */
export function useShownState(): State {
  return useRoom((store) => store.past?.state ?? store.state);
}

/** Why nothing is done from a pane that shows the past; null while it shows the present. */
export function useInPast(): string | null {
  return useRoom((store) => (store.past ? 'You are looking at the past. Return to now first.' : null));
}

/** Why this page's seat may not do it now; null when it may. */
export function useWhyNot(action: Action): string | null {
  return useRoom((store) => whyNotNow(store, action));
}

export function whyNotNow(store: RoomStore, action: Action): string | null {
  if (store.link.is !== 'up') return 'The link to the host is lost.';
  const seat = store.room?.seat;
  if (!seat) return 'No seat in this room yet.';
  const role = store.state.seats[seat.id]?.role ?? seat.role;
  return mayDo(role, action, holdsLead(store.state, seat.id)) ? null : whyNot(role, action);
}

/** The rung being worked: the lowest open one. */
export function currentRung(state: State): Rung | null {
  return allRungs.find((rung) => state.rungs[rung].status === 'open') ?? null;
}

/** How a seat is called on screen. */
export function seatName(state: State, id: string): string {
  const seat = state.seats[id];
  if (!seat) return id.length > 16 ? id.slice(0, 8) : id;
  return seat.name ?? `${roleName(seat.role)} ${id.slice(0, 8)}`;
}

export function roleName(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}

/** Who holds the lead's powers: a seated lead, else who assumed them. */
export function leadOf(state: State): Seat | null {
  const seated = Object.values(state.seats).find((seat) => seat.role === 'lead' && seat.present);
  if (seated) return seated;
  return state.leadAssumedBy ? (state.seats[state.leadAssumedBy] ?? null) : null;
}
