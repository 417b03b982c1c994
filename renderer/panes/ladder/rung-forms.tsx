import { useState, type ReactNode } from 'react';
import type { RungState, State } from '../../../common/incident/state.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import { act } from '../../store/act.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextArea } from '../../ui/field.tsx';

type Decision = 'eliminated' | 'implicated' | 'inconclusive';
type Result = 'pass' | 'warn' | 'fail' | 'error' | 'unknown';

const results: [Result, string][] = [
  ['pass', '✓ passed'],
  ['warn', '! warning'],
  ['fail', '✕ failed'],
  ['unknown', '? not known'],
  ['error', '⚠ the check broke'],
];
const decisions: [Decision, string][] = [
  ['eliminated', 'Eliminated: the fault is not here'],
  ['implicated', 'Implicated: the fault is here'],
  ['inconclusive', 'Inconclusive: goes on by the lead, stays amber'],
];
const verbs: Record<Decision, string> = {
  eliminated: 'Eliminate',
  implicated: 'Implicate',
  inconclusive: 'Leave inconclusive',
};

interface FormProps {
  label: string;
  send(): Promise<unknown>;
  close(): void;
  children: ReactNode;
  submit: ReactNode;
}

/** Sends once, closes when the host accepted it; what it refused stays to be corrected. */
function RungForm({ label, send, close, children, submit }: FormProps) {
  const [isSending, setSending] = useState(false);
  const submitted = async () => {
    setSending(true);
    const answer = await send();
    setSending(false);
    if (answer !== null) close();
  };
  return (
    <form
      className="stack"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSending) void submitted();
      }}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      {children}
      <div className="row">
        {submit}
        <Button onClick={close}>Cancel</Button>
      </div>
    </form>
  );
}

interface SentencesProps {
  label: string;
  maxLength: number;
  value: string;
  onWrite(value: string): void;
}

/** What every form here asks for: a few words, written first. */
function Sentences({ label, maxLength, value, onWrite }: SentencesProps) {
  return (
    <Field label={label}>
      <TextArea
        autoFocus
        required
        maxLength={maxLength}
        value={value}
        onChange={(event) => onWrite(event.currentTarget.value)}
      />
    </Field>
  );
}

export function FindingForm({ rung, close }: { rung: Rung; close(): void }) {
  const [result, setResult] = useState<Result>('pass');
  const [says, setSays] = useState('');
  return (
    <RungForm
      label={`Finding on rung ${rung}`}
      close={close}
      send={() => act((api) => api.ladder.addFinding({ rung, result, says: says.trim() }))}
      submit={
        <Button type="submit" look="primary">
          Add finding
        </Button>
      }
    >
      <Field label="Result">
        <Select<Result> value={result} options={results} onPick={setResult} />
      </Field>
      <Sentences label="What was seen, in one sentence" maxLength={2000} value={says} onWrite={setSays} />
    </RungForm>
  );
}

export function ReopenForm({ rung, close }: { rung: Rung; close(): void }) {
  const [reason, setReason] = useState('');
  return (
    <RungForm
      label={`Reopen rung ${rung}`}
      close={close}
      send={() => act((api) => api.ladder.reopen({ rung, reason: reason.trim() }))}
      submit={
        <Button type="submit" look="primary">
          Reopen rung {rung}
        </Button>
      }
    >
      <Sentences label="Why; the rungs after it close" maxLength={5000} value={reason} onWrite={setReason} />
    </RungForm>
  );
}

interface DecideFormProps {
  rung: RungState;
  state: State;
  first: Decision;
  close(): void;
}

export function DecideForm({ rung, state, first, close }: DecideFormProps) {
  const [decision, setDecision] = useState<Decision>(first);
  const [reason, setReason] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const choices = basisOf(rung, state);
  const basis = choices.map(({ id }) => id).filter((id) => !left.has(id));
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  return (
    <RungForm
      label={`Decide rung ${rung.rung}`}
      close={close}
      send={() =>
        act((api) => api.ladder.decide({ rung: rung.rung, decision, reason: reason.trim(), basis }))
      }
      submit={
        <Button
          type="submit"
          look={decision === 'eliminated' ? 'go' : 'primary'}
          data-testid="decide-confirm"
        >
          {verbs[decision]} rung {rung.rung}
        </Button>
      }
    >
      <Field label="Decision">
        <Select<Decision> value={decision} options={decisions} onPick={setDecision} />
      </Field>
      <Sentences label="Reason" maxLength={5000} value={reason} onWrite={setReason} />
      <fieldset className="basis">
        <legend>
          Rests on {basis.length} of {choices.length}
        </legend>
        {choices.length === 0 && (
          <span className="warn-t">! Nothing yet: add a finding or keep evidence on this rung.</span>
        )}
        {choices.map(({ id, text }) => (
          <label key={id}>
            <input type="checkbox" checked={!left.has(id)} onChange={() => toggle(id)} />
            <span className="clip" title={text}>
              {text}
            </span>
          </label>
        ))}
      </fieldset>
    </RungForm>
  );
}

function basisOf(rung: RungState, state: State): { id: string; text: string }[] {
  const findings = rung.findings.map(({ id, result, says }) => ({ id, text: `${result}: ${says}` }));
  const kept = state.evidence
    .filter(({ id }) => rung.evidence.includes(id))
    .map(({ id, label, name }) => ({ id, text: `${label} ${name}` }));
  return [...findings, ...kept];
}
