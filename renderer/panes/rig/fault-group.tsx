import { useState } from 'react';
import type { RigFault } from '../../../common/contract/drill.ts';
import { act } from '../../store/act.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import type { Severity } from './severity-choice.tsx';

interface FaultGroupProps {
  title: string;
  faults: RigFault[];
  severity: Severity;
  whyNot: string | null;
}

/** Faults of one kind of thing, aimed together: any number of them may be on. */
export function FaultGroup({ title, faults, severity, whyNot }: FaultGroupProps) {
  // What can strike one thing alone needs no choice.
  const choices = faults.filter((fault) => fault.targets.length > 1);
  const targets = [...new Set((choices.length > 0 ? choices : faults).flatMap((fault) => fault.targets))];
  const [chosen, setChosen] = useState(targets[0] ?? '');
  const target = targets.includes(chosen) ? chosen : (targets[0] ?? '');
  const on = faults.filter((fault) => fault.on).length;
  return (
    <section className="card fault-group" aria-label={`Faults: ${title}`}>
      <div className="fault-row">
        <h3>
          {title}
          {on > 0 && <span className="bad-t">{` · ${on} on`}</span>}
        </h3>
        {choices.length > 0 ? (
          <div>
            <Select
              aria-label={`Aim at, for: ${title}`}
              value={target}
              options={targets.map((each) => [each, each] as const)}
              onPick={setChosen}
            />
          </div>
        ) : (
          targets.length === 1 && <span className="muted">{target}</span>
        )}
      </div>
      {faults.map((fault) => (
        <FaultItem key={fault.name} fault={fault} target={target} severity={severity} whyNot={whyNot} />
      ))}
    </section>
  );
}

interface FaultItemProps {
  fault: RigFault;
  target: string;
  severity: Severity;
  whyNot: string | null;
}

function FaultItem({ fault, target, severity, whyNot }: FaultItemProps) {
  const { name, title, on } = fault;
  const aim = fault.targets.length === 1 ? fault.targets[0]! : target;
  const cannotAim =
    !on && !fault.targets.includes(aim) ? `${target} can't have this: choose another to aim at.` : null;
  const turn = () =>
    void act((api) =>
      api.drill.fault(
        on
          ? { fault: name, on: false }
          : { fault: name, on: true, target: aim, ...(fault.severities.length > 0 && { severity }) },
      ),
    );
  return (
    <div className="fault-row" data-testid={`fault-${name}`} data-on={on}>
      <span className={on ? 'bad-t' : ''}>
        {title}
        {on && <b>{` · ${[fault.target, fault.severity].filter(Boolean).join(', ')}`}</b>}
      </span>
      <Button
        small
        whyNot={whyNot ?? cannotAim}
        aria-pressed={on}
        aria-label={`${on ? 'Switch off' : 'Switch on'}: ${title}`}
        onClick={turn}
      >
        {on ? 'Switch off' : 'Switch on'}
      </Button>
    </div>
  );
}
