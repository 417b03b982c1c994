import type { RigFault } from '../../../common/contract/drill.ts';

export type Severity = NonNullable<RigFault['severity']>;

const severities: readonly Severity[] = ['slight', 'clear', 'severe'];

/** How gross the faults are that are switched on from now on. The arrow keys choose. */
export function SeverityChoice({
  chosen,
  onChoose,
}: {
  chosen: Severity;
  onChoose(severity: Severity): void;
}) {
  return (
    <fieldset className="severities">
      <legend className="muted">The next fault is</legend>
      {severities.map((severity) => (
        <label key={severity} className={`btn ${severity === chosen ? 'on' : ''}`}>
          <input
            type="radio"
            name="rig-severity"
            value={severity}
            checked={severity === chosen}
            onChange={() => onChoose(severity)}
          />
          {severity}
        </label>
      ))}
    </fieldset>
  );
}
