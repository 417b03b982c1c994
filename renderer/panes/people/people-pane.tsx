import { useState } from 'react';
import type { Role } from '../../../common/incident/roles.ts';
import type { Seat } from '../../../common/incident/state.ts';
import { act } from '../../store/act.ts';
import { leadOf, roleName, seatName, useShownState, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { clockTime } from '../../ui/format.ts';
import { Pane } from '../../ui/pane.tsx';
import './people.css';

/** Who sits in this room, in which role, by which key; and links for more. */
export function PeoplePane() {
  const state = useShownState();
  const me = useRoom((store) => store.room?.seat?.id ?? null);
  const lead = leadOf(state);
  const seats = Object.values(state.seats).sort((a, b) => Number(b.present) - Number(a.present));
  return (
    <Pane id="people" title="People">
      <div className="body stack">
        <p className="muted">
          {lead
            ? `${seatName(state, lead.id)} holds the lead’s powers.`
            : 'No lead is seated: nobody can decide a rung.'}
        </p>
        <ul className="seats cards">
          {seats.map((seat) => (
            <SeatItem
              key={seat.id}
              seat={seat}
              name={seatName(state, seat.id)}
              isMe={seat.id === me}
              isLead={seat.id === lead?.id}
            />
          ))}
        </ul>
        <Rename />
        <Invite />
      </div>
    </Pane>
  );
}

interface SeatItemProps {
  seat: Seat;
  name: string;
  isMe: boolean;
  isLead: boolean;
}

function SeatItem({ seat, name, isMe, isLead }: SeatItemProps) {
  const facts = [
    isMe && 'you',
    seat.host && 'host',
    seat.local && 'local: its key is the host’s to keep',
    isLead && seat.role !== 'lead' && 'holds the lead’s powers',
    seat.present ? `here since ${clockTime(seat.joinedAt)}` : 'left',
  ].filter(Boolean);
  return (
    <li className="card" data-testid="seat">
      <div className="row">
        <span
          className="dot"
          style={{
            background: seat.role === 'agent' ? 'var(--agent)' : 'var(--human)',
            opacity: seat.present ? 1 : 0.35,
          }}
          aria-hidden
        />
        <b className="clip">{name}</b>
        <span className="push muted">{roleName(seat.role)}</span>
      </div>
      <div className="faint">{facts.join(' · ')}</div>
      <CopyText text={seat.id} shown={`${seat.id.slice(0, 16)}…`} label="fingerprint of the seat’s key" />
    </li>
  );
}

function Rename() {
  const whyNot = useWhyNot('seat.name');
  const [name, setName] = useState('');
  const save = async () => {
    if (
      await act(
        (api) => api.incident.nameSeat({ name }),
        () => `You are shown as ${name}.`,
      )
    )
      setName('');
  };
  return (
    <form className="row end" onSubmit={(event) => (event.preventDefault(), void save())}>
      <Field label="How you are called here">
        <TextInput value={name} maxLength={80} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Button type="submit" whyNot={whyNot ?? (name ? null : 'Write a name first.')}>
        Use this name
      </Button>
    </form>
  );
}

const invitable = [
  ['lead', 'Lead'],
  ['technician', 'Technician'],
  ['observer', 'Observer'],
] as const satisfies readonly (readonly [Role, string])[];

/** A link for one more browser on this machine. Its seat is local: it never counts as a second person. */
function Invite() {
  const whyNot = useWhyNot('seat.invite');
  const [role, setRole] = useState<(typeof invitable)[number][0]>('observer');
  const [url, setUrl] = useState<string | null>(null);
  const invite = async () => {
    const answer = await act((api) => api.incident.invite({ role }));
    if (answer) setUrl(answer.url);
  };
  return (
    <section className="card stack" aria-label="Invite">
      <h3>Another browser on this machine</h3>
      <div className="row end">
        <Field label="Role">
          <Select<(typeof invitable)[number][0]> value={role} options={invitable} onPick={setRole} />
        </Field>
        <Button whyNot={whyNot} onClick={() => void invite()}>
          Make a link
        </Button>
      </div>
      {url && (
        <>
          <CopyText text={url} label="the link" />
          <p className="muted">Opens the room once, within 60 seconds.</p>
        </>
      )}
    </section>
  );
}
