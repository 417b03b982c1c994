import { useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { latestFindings } from '../../../common/incident/ladder.ts';
import { rungNames, type Finding, type RungState, type State } from '../../../common/incident/state.ts';
import type { Rung } from '../../../common/ledger/types.ts';
import { seatName, useInPast, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { fullTime } from '../../ui/format.ts';
import { FindingLine } from './finding-line.tsx';
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
  const planned = useRoom(
    useShallow((store) => store.checks?.checks.filter(({ rung: of }) => of === rung.rung) ?? []),
  );
  const names = useRoom((store) => store.checks?.run?.waiting);
  const waiting = planned.filter(({ check }) => names?.includes(check));
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
          {statusText(rung, findings.length, waiting.length, planned.length)}
        </span>
      </div>
      {hidden > 0 && <div className="check faint">{hidden} earlier findings in the timeline</div>}
      {findings.slice(-mostFindings).map((finding) => (
        <FindingLine key={finding.id} finding={finding} before={findingBefore(rung, finding)} />
      ))}
      {waiting.map(({ check, title }) => (
        <div key={check} className="check run-t">
          <i aria-hidden>◌</i>
          {`${title}: ${subjectOf(check)}…`}
        </div>
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

function statusText(rung: RungState, findings: number, waiting: number, planned: number): string {
  if (waiting > 0) return `checking ${planned - waiting + 1} of ${planned}`;
  if (rung.status !== 'open') return rung.status;
  return findings > 0 ? `open · ${findings} found` : 'open';
}

/** What the check before this one found; undefined: it is the first, or seen by hand. */
function findingBefore({ findings }: RungState, { check, id }: Finding): Finding | undefined {
  if (check === 'by-hand') return undefined;
  const all = findings.filter((finding) => finding.check === check);
  return all[all.findIndex((finding) => finding.id === id) - 1];
}

/** What of the profile a check looks at. */
const subjectOf = (check: string) => check.slice(check.indexOf(' ') + 1);

function lockedBecause(rung: Rung): string {
  return rung === 5 ? 'Opens when rungs 1–4 are decided' : `Opens when rung ${rung - 1} is decided`;
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
