import { useState } from 'react';
import type { RigFault } from '../../../common/contract/drill.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Pane } from '../../ui/pane.tsx';

/** The virtual rig of a drill: its faults, switched while it runs, and where its parts are reached. */
export function RigPane() {
  const rig = useRoom((store) => store.rig);
  const whyNot = useWhyNot('drill.control');
  if (!rig?.running)
    return (
      <Pane id="rig" title="Rig">
        <p className="body muted">No rig is running. Start a drill to practise on one.</p>
      </Pane>
    );
  return (
    <Pane id="rig" title="Rig">
      <div className="body stack">
        <p className="muted">{`Virtual rig, seed ${rig.seed}. Every fault is written into the ledger.`}</p>
        {rig.faults.map((fault) => (
          <FaultItem key={fault.name} fault={fault} whyNot={whyNot} />
        ))}
        <section className="card" aria-label="Where the rig is reached">
          {[
            ...rig.services.map(({ name, url }) => [name, url]),
            ...rig.devices.map(({ id, path }) => [id, path]),
          ].map(([name, where]) => (
            <div className="row" key={name}>
              <b>{name}</b>
              <span className="mono muted clip" title={where}>
                {where}
              </span>
            </div>
          ))}
        </section>
        <Button whyNot={whyNot} onClick={() => void act((api) => api.drill.stop())}>
          Stop the rig
        </Button>
      </div>
    </Pane>
  );
}

function FaultItem({ fault, whyNot }: { fault: RigFault; whyNot: string | null }) {
  const [target, setTarget] = useState(fault.target ?? fault.targets[0] ?? '');
  const aimed = fault.target ?? target;
  const turn = () =>
    void act((api) => api.drill.fault({ fault: fault.name, on: !fault.on, ...(aimed && { target: aimed }) }));
  return (
    <div className="card" data-testid={`fault-${fault.name}`} data-on={fault.on}>
      <div className="row">
        <b className={fault.on ? 'bad-t' : ''}>{fault.title}</b>
        {fault.on && <span className="push bad-t">on</span>}
      </div>
      <div className="row end">
        <div>
          <Select
            aria-label={`Target of: ${fault.title}`}
            value={aimed}
            disabled={fault.on}
            options={fault.targets.map((each) => [each, each] as const)}
            onPick={setTarget}
          />
        </div>
        <Button whyNot={whyNot} aria-pressed={fault.on} onClick={turn}>
          {fault.on ? 'Switch off' : 'Switch on'}
        </Button>
      </div>
    </div>
  );
}
