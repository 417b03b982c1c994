import { useState } from 'react';
import type { RigFault, RigState } from '../../../common/contract/drill.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { FaultGroup } from './fault-group.tsx';
import './rig.css';
import { SeverityChoice, type Severity } from './severity-choice.tsx';

const groups: readonly (readonly [RigFault['group'], string])[] = [
  ['cells', 'Load cells'],
  ['beam', 'Beam'],
  ['link', 'Links'],
  ['services', 'Services'],
  ['parts', 'Parts and rows'],
  ['forms', 'Interfaces'],
  ['models', 'Models'],
];

/** The virtual rig of a drill: its faults, switched while it runs, and where its parts are reached. */
export function RigPane() {
  const rig = useRoom((store) => store.rig);
  const whyNot = useWhyNot('drill.control');
  const [severity, setSeverity] = useState<Severity>('clear');
  if (!rig?.running)
    return (
      <Pane id="rig" title="Rig">
        <p className="body muted">No rig is running. Start a drill to practise on one.</p>
      </Pane>
    );
  return (
    <Pane id="rig" title="Rig">
      <div className="body stack">
        <p className="muted rig-says">{`Virtual rig, seed ${rig.seed}. Every fault is written into the ledger.`}</p>
        <SeverityChoice chosen={severity} onChoose={setSeverity} />
        {groups.map(([group, title]) => (
          <FaultGroup
            key={group}
            title={title}
            faults={rig.faults.filter((fault) => fault.group === group)}
            severity={severity}
            whyNot={whyNot}
          />
        ))}
        <Addresses rig={rig} />
        <Button whyNot={whyNot} onClick={() => void act((api) => api.drill.stop())}>
          Stop the rig
        </Button>
      </div>
    </Pane>
  );
}

function Addresses({ rig }: { rig: RigState }) {
  const all = [
    ...rig.services.map(({ name, url }) => [name, url] as const),
    ...rig.devices.map(({ id, path }) => [id, path] as const),
  ];
  return (
    <section className="card" aria-label="Where the rig is reached">
      {all.map(([name, where]) => (
        <div className="row rig-where" key={name}>
          <b>{name}</b>
          <span className="mono muted clip" title={where}>
            {where}
          </span>
        </div>
      ))}
    </section>
  );
}
