import { useRef } from 'react';
import { latestFindings } from '../../../common/incident/ladder.ts';
import { rungNames, type Finding, type RungState, type State } from '../../../common/incident/state.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import { seatName, useInPast, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { fullTime } from '../../ui/format.ts';
import { DecideForm, FindingForm, ReopenForm } from './rung-forms.tsx';

/** The form that is open, on which rung. */
export interface OpenForm {
  rung: Rung;
  is: 'finding' | 'reopen' | 'eliminated' | 'implicated' | 'inconclusive';
}

export interface RungCardProps {
  state: State;
  rung: RungState;
  isSuggested: boolean;
  form: OpenForm | null;
  onForm(form: OpenForm | null): void;
}

const looks = { locked: 'locked', open: 'run', eliminated: 'ok', implicated: 'bad', inconclusive: 'warn' };
/** Findings shown before the rest is counted. */
const mostFindings = 8;

export function RungCard({ state, rung, isSuggested, form, onForm }: RungCardProps) {
  const look = looks[rung.status];
  const findings = latestFindings(rung);
  const hidden = Math.max(0, findings.length - mostFindings);
  const title = `${rung.rung} ${rungNames[rung.rung]}`;
  const card = useRef<HTMLElement>(null);
  const close = () => {
    // The form goes with what has the focus in it; who went elsewhere meanwhile stays there.
    if (card.current?.contains(document.activeElement)) card.current.focus();
    onForm(null);
  };
  return (
    <article
      ref={card}
      tabIndex={-1}
      className={`rung ${look}`}
      aria-label={`Rung ${title}, ${rung.status}`}
      data-testid={`rung-${rung.rung}`}
    >
      <div className="row">
        <h3>{title}</h3>
        <span
          className={`status ${rung.status === 'locked' ? 'faint' : `${look}-t`}`}
          data-testid="rung-status"
        >
          {statusText(rung, findings.length)}
        </span>
      </div>
      {hidden > 0 && <div className="check faint">{hidden} earlier findings in the timeline</div>}
      {findings.slice(-mostFindings).map((finding) => (
        <FindingLine key={finding.id} finding={finding} />
      ))}
      {rung.status === 'locked' && <div className="check">{lockedBecause(rung.rung)}</div>}
      {isSuggested && rung.status === 'open' && rung.findings.length > 0 && (
        <div className="check run-t">◌ Look here next</div>
      )}
      <Verdict state={state} rung={rung} />
      {form ? (
        <RungForm form={form} rung={rung} state={state} close={close} />
      ) : (
        <RungActions rung={rung} onForm={onForm} />
      )}
    </article>
  );
}

function statusText(rung: RungState, findings: number): string {
  if (rung.status !== 'open') return rung.status;
  return findings > 0 ? `open · ${findings} found` : 'open';
}

function lockedBecause(rung: Rung): string {
  return rung === 5 ? 'Opens when rungs 1–4 are decided' : `Opens when rung ${rung - 1} is decided`;
}

const glyphs: Record<Finding['result'], [glyph: string, look: string, word: string]> = {
  pass: ['✓', 'ok-t', 'passed'],
  fail: ['✕', 'bad-t', 'failed'],
  warn: ['!', 'warn-t', 'warning'],
  error: ['⚠', 'warn-t', 'the check broke'],
  unknown: ['?', 'faint', 'not known'],
};

function FindingLine({ finding }: { finding: Finding }) {
  const [glyph, look, word] = glyphs[finding.result];
  return (
    <div className="check" title={`${word} · ${finding.check} · ${fullTime(finding.at)}\n${finding.says}`}>
      <i className={look} aria-hidden>
        {glyph}
      </i>
      <span className="says">
        <span className="only-read">{word}: </span>
        {finding.early && <span className="faint">seen early · </span>}
        {finding.says}
      </span>
    </div>
  );
}

function Verdict({ state, rung }: { state: State; rung: RungState }) {
  const count = rung.evidence.length;
  const kept = `${count} piece${count === 1 ? '' : 's'} of evidence`;
  if (!rung.decision) return count > 0 ? <div className="check faint">{kept}</div> : null;
  const { seat, reason, at } = rung.decision;
  return (
    <div className="check faint" title={fullTime(at)}>
      <span>
        {seatName(state, seat)} · {kept} · “{reason}”
      </span>
    </div>
  );
}

function RungActions({ rung, onForm }: { rung: RungState; onForm(form: OpenForm): void }) {
  const mayDecide = useWhyNot('rung.decide');
  const mayBeInconclusive = useWhyNot('rung.inconclusive');
  const mayFind = useWhyNot('finding.add');
  const inPast = useInPast();
  const open = (is: OpenForm['is']) => () => onForm({ rung: rung.rung, is });
  const keep = () => useRoom.getState().set({ side: 'evidence' });
  if (rung.status !== 'open' && rung.status !== 'locked')
    return (
      <div className="row" style={{ marginTop: 6 }}>
        <Button small whyNot={inPast ?? mayDecide} onClick={open('reopen')}>
          Reopen
        </Button>
      </div>
    );
  if (rung.status === 'locked')
    return (
      <div className="row" style={{ marginTop: 6 }}>
        <Button
          small
          whyNot={inPast}
          onClick={open('eliminated')}
          aria-label={`Decide rung ${rung.rung} (locked)`}
        >
          Decide
        </Button>
        <Button small whyNot={inPast ?? mayFind} onClick={open('finding')}>
          + Finding
        </Button>
      </div>
    );
  return (
    <div className="row" style={{ marginTop: 9 }}>
      <Button look="go" whyNot={inPast ?? mayDecide} onClick={open('eliminated')}>
        Eliminate
      </Button>
      <Button whyNot={inPast ?? mayDecide} onClick={open('implicated')}>
        Implicate
      </Button>
      <Button whyNot={inPast ?? mayBeInconclusive} onClick={open('inconclusive')}>
        Inconclusive
      </Button>
      <Button whyNot={inPast ?? mayFind} onClick={open('finding')}>
        + Finding
      </Button>
      <Button
        whyNot={inPast}
        onClick={keep}
        title="Keep a file, a note or a window of the scopes on this rung"
      >
        + Keep
      </Button>
    </div>
  );
}

interface RungFormProps {
  form: OpenForm;
  rung: RungState;
  state: State;
  close(): void;
}

function RungForm({ form, rung, state, close }: RungFormProps) {
  if (form.is === 'finding') return <FindingForm rung={rung.rung} close={close} />;
  if (form.is === 'reopen') return <ReopenForm rung={rung.rung} close={close} />;
  return <DecideForm rung={rung} state={state} first={form.is} close={close} />;
}
