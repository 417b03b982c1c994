import { useState } from 'react';
import type { State } from '../../../common/incident/state.ts';
import { act } from '../../store/act.ts';
import { leadOf, roleName, seatName, useInPast } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';

/** Who decides here, and how a technician comes to it where no lead is seated. */
export function LeadLine({ state }: { state: State }) {
  const seat = useRoom((store) => store.room?.seat ?? null);
  const [reason, setReason] = useState<string | null>(null);
  const lead = leadOf(state);
  const inPast = useInPast();
  const role = seat ? (state.seats[seat.id]?.role ?? seat.role) : null;
  const mayTake = !lead && role === 'technician';
  const take = async () => {
    const answer = await act((api) =>
      api.incident.assumeLead({ reason: reason?.trim() || 'No lead is seated.' }),
    );
    if (answer) setReason(null);
  };
  return (
    <div className="lead-line stack" data-testid="lead-line">
      <span>
        {lead ? (
          <>
            <span className="human-t">{seatName(state, lead.id)}</span>
            {lead.role === 'lead' ? ' leads' : ` (${roleName(lead.role)}) holds the lead's powers`}
          </>
        ) : (
          <span className="warn-t">! No lead is seated: nobody can decide a rung.</span>
        )}
      </span>
      {mayTake && reason === null && (
        <Button look="primary" whyNot={inPast} onClick={() => setReason('')} data-testid="assume-lead">
          Take the lead&apos;s powers
        </Button>
      )}
      {mayTake && reason !== null && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void take();
          }}
        >
          <TextInput
            autoFocus
            aria-label="Why you take the lead's powers"
            placeholder="Why (no lead is seated)"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" look="primary" whyNot={inPast} data-testid="assume-lead-confirm">
            Take them
          </Button>
          <Button onClick={() => setReason(null)}>Cancel</Button>
        </form>
      )}
    </div>
  );
}
