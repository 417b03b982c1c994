import { useEffect, useState } from 'react';
import type { Api } from '../../client/api.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import './first-run.css';

type Incident = Awaited<ReturnType<Api['room']['incidents']>>[number];
const severities = [
  ['1', 'SEV-1, worst'],
  ['2', 'SEV-2'],
  ['3', 'SEV-3'],
  ['4', 'SEV-4'],
  ['5', 'SEV-5'],
] as const;

/** No incident is open: practise, begin, or go on with an earlier one. */
export function FirstRun() {
  const whyNot = useWhyNot('incident.declare');
  const [isStarting, setStarting] = useState(false);
  const drill = async () => {
    setStarting(true);
    await act((api) => api.drill.start({}));
    setStarting(false);
  };
  return (
    <main className="first-run" data-testid="first-run">
      <section className="card stack">
        <h3>Practise</h3>
        <p className="muted">
          A drill is a room on a virtual rig: two load cells, a beam, a vision and a scoring service. Nobody
          is paged.
        </p>
        <Button
          look="primary"
          whyNot={whyNot ?? (isStarting ? 'The drill is starting.' : null)}
          onClick={() => void drill()}
          data-testid="start-drill"
        >
          {isStarting ? 'Starting the drill…' : 'Start a drill'}
        </Button>
      </section>
      <Declare whyNot={whyNot} />
      <Earlier whyNot={whyNot} />
    </main>
  );
}

/** Declares an incident and goes to where sensors are connected. */
function Declare({ whyNot }: { whyNot: string | null }) {
  const [title, setTitle] = useState('');
  const [severity, setSeverity] = useState<(typeof severities)[number][0]>('3');
  const declare = async () => {
    const answer = await act((api) => api.room.declare({ title, severity: Number(severity) }));
    if (answer) useRoom.getState().set({ side: 'devices' });
  };
  return (
    <form className="card stack" onSubmit={(event) => (event.preventDefault(), void declare())}>
      <h3>Something is broken</h3>
      <Field label="What is wrong, in a few words">
        <TextInput
          value={title}
          maxLength={200}
          placeholder="Scores wrong on line 3"
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      </Field>
      <Field label="Severity">
        <Select<(typeof severities)[number][0]> value={severity} options={severities} onPick={setSeverity} />
      </Field>
      <Button type="submit" whyNot={whyNot ?? (title ? null : 'Say what is wrong first.')}>
        Connect the rig
      </Button>
    </form>
  );
}

function Earlier({ whyNot }: { whyNot: string | null }) {
  const link = useRoom((store) => store.link);
  const [incidents, setIncidents] = useState<Incident[] | null>(null);
  useEffect(() => {
    if (link.is === 'up') void act((api) => api.room.incidents()).then(setIncidents);
  }, [link]);
  if (!incidents || incidents.length === 0) return null;
  return (
    <section className="card stack earlier" aria-label="Earlier incidents">
      <h3>Earlier incidents</h3>
      <ul>
        {incidents.map((incident) => (
          <li key={incident.id} className="row">
            <span className="mono faint">{incident.at.slice(0, 16).replace('T', ' ')}</span>
            <span className="clip">{incident.title || incident.id}</span>
            {incident.drill && <span className="muted">drill</span>}
            {incident.problem && <span className="warn-t">{incident.problem}</span>}
            <span className="push faint mono">{`${incident.entries} entries`}</span>
            <Button
              small
              whyNot={whyNot}
              onClick={() => void act((api) => api.room.open({ incident: incident.id }))}
            >
              Open
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
