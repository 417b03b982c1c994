import { useState } from 'react';
import { allRungs } from '../../../common/incident/state.ts';
import { suggestedRung } from '../../../common/incident/ladder.ts';
import { hostNow } from '../../store/link.ts';
import { currentRung, useShownState } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Pane } from '../../ui/pane.tsx';
import { useTick } from '../../ui/use-now.ts';
import { LeadLine } from './lead-line.tsx';
import { RunChecks } from './run-checks.tsx';
import { RungCard, type OpenForm } from './rung-card.tsx';
import './ladder.css';

/** The five rungs: what was found, kept and decided, and what may be done on each. */
export function LadderPane() {
  const state = useShownState();
  const [form, setForm] = useState<OpenForm | null>(null);
  const suggested = suggestedRung(state);
  return (
    <Pane id="ladder" title="Ladder" head={<LadderHead />}>
      <div className="ladder">
        {allRungs.map((rung) => (
          <RungCard
            key={rung}
            state={state}
            rung={state.rungs[rung]}
            isSuggested={suggested === rung}
            form={form?.rung === rung ? form : null}
            onForm={setForm}
          />
        ))}
      </div>
      <LeadLine state={state} />
    </Pane>
  );
}

function LadderHead() {
  return (
    <>
      <Elapsed />
      <RunChecks />
    </>
  );
}

function Elapsed() {
  useTick(10_000);
  const state = useShownState();
  const past = useRoom((store) => store.past);
  const offset = useRoom((store) => store.clockOffset);
  const rung = currentRung(state);
  const since = rung && state.rungs[rung].openedAt;
  if (!since) return null;
  const minutes = Math.max(
    0,
    Math.floor(((past?.at ?? hostNow(offset)) / 1000 - Date.parse(since)) / 60_000),
  );
  return <span className="push muted clip">{`rung ${rung} open ${minutes} min`}</span>;
}
