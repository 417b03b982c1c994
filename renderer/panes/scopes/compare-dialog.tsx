import { useState } from 'react';
import type { Comparison } from '../../store/scope-view.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { clockTime, duration, fullTime } from '../../ui/format.ts';
import { isKeptWindow } from './use-comparison.ts';

const alignments = [
  ['edge', 'their right edges'],
  ['trigger', 'the moments at which the trigger fired'],
] as const;

/** The choice of a kept window to lie under the live traces. */
export function CompareDialog({ onClose }: { onClose(): void }) {
  const evidence = useRoom((store) => store.state.evidence);
  const fired = useRoom((store) => store.trigger?.segment?.at ?? null);
  const [align, setAlign] = useState<Comparison['align']>('edge');
  const kept = evidence.filter(isKeptWindow).toReversed();
  const compare = (id: string) => {
    useRoom.getState().setScopeView({ comparison: { evidence: id, align } });
    onClose();
  };
  const whyNotOf = (at: number | undefined) => {
    if (align === 'edge') return null;
    if (fired === null) return 'The trigger has not fired yet.';
    return at === undefined ? 'This window was not kept by a trigger.' : null;
  };
  return (
    <Dialog title="Compare with a kept window" onClose={onClose}>
      <div className="stack">
        <h3>Compare with a kept window</h3>
        {kept.length === 0 ? (
          <p className="muted">
            No stretch of the scopes is kept yet. Keep one, and compare what comes with it.
          </p>
        ) : (
          <Field label="Lay on each other">
            <Select<Comparison['align']> value={align} options={alignments} onPick={setAlign} />
          </Field>
        )}
        <ol className="lane-choice" aria-label="Kept windows, newest first">
          {kept.map(({ id, label, name, of }) => (
            <li key={id} className="row">
              <b className="mono">{label}</b>
              <span className="mono faint" title={fullTime(of.from)}>
                {clockTime(of.from)}
              </span>
              <span className="mono faint">{duration((of.to - of.from) / 1000)}</span>
              <span className="grow clip" title={name}>
                {name}
              </span>
              <Button
                small
                whyNot={whyNotOf(of.at)}
                aria-label={`Compare with ${label}`}
                onClick={() => compare(id)}
              >
                Compare
              </Button>
            </li>
          ))}
        </ol>
        <div className="row">
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
