import { useState } from 'react';
import type { CalibrationState } from '../../../common/contract/calibration.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { measured } from '../../ui/format.ts';

/** Seconds to wait until it is steady. */
const patience = 10;
/** On a line that runs the cell is steady only between two parts, and for less. */
const usualSeconds = '2';

/** Guides through tare and known weights, and shows how well a line goes through them. */
export function CalibrateDialog({ name, onClose }: { name: string; onClose(): void }) {
  const state = useRoom((store) => store.calibration);
  const cancel = () => {
    if (state && state.step !== 'off' && state.step !== 'done') void act((api) => api.calibration.cancel());
    onClose();
  };
  return (
    <Dialog title={`Calibrate ${name}`} onClose={cancel}>
      <div className="stack" data-testid="calibrate" data-step={state?.step ?? 'off'}>
        <h3>{`Calibrate ${name}`}</h3>
        {state && <Steps state={state} onClose={cancel} />}
      </div>
    </Dialog>
  );
}

function Steps({ state, onClose }: { state: CalibrationState; onClose(): void }) {
  const [seconds, setSeconds] = useState(usualSeconds);
  if (state.step === 'off') return <p className="run-t">Beginning…</p>;
  if (state.step === 'done')
    return (
      <>
        <p className="ok-t">The calibration is written down, and its channel is drawn on the scopes.</p>
        <Points state={state} />
        <Button look="primary" onClick={onClose} autoFocus>
          Close
        </Button>
      </>
    );
  return (
    <>
      {state.problem && (
        <p className="bad-t" role="alert">
          {state.problem.message} <span className="muted">{state.problem.hint}</span>
        </p>
      )}
      {state.taking && (
        <p className="run-t" role="status">
          {`Taking ${state.taking.weight === 0 ? 'the empty cell' : `${state.taking.weight} g`}: keep hands off until it is steady…`}
        </p>
      )}
      {state.step === 'tare' ? (
        <Tare state={state} seconds={seconds} />
      ) : (
        <Weights state={state} seconds={seconds} />
      )}
      <div className="row end">
        <Field label="Steady for (s)">
          <TextInput
            inputMode="decimal"
            value={seconds}
            onChange={(event) => setSeconds(event.currentTarget.value)}
            data-testid="calibrate-seconds"
          />
        </Field>
        <Button onClick={onClose}>Cancel the calibration</Button>
      </div>
    </>
  );
}

interface StepProps {
  state: CalibrationState;
  /** As typed. */
  seconds: string;
}

function Tare({ state, seconds }: StepProps) {
  const whyNot = useTaking(state, seconds);
  return (
    <div className="stack">
      <p>
        1. Take everything off the cell.
        {state.empty !== null && (
          <span className="muted">{` Empty it last read ${measured(state.empty)} ${state.unit}.`}</span>
        )}
      </p>
      <Button
        look="primary"
        whyNot={whyNot}
        autoFocus
        data-testid="calibrate-tare"
        onClick={() => void act((api) => api.calibration.tare({ patience, seconds: numberOf(seconds) }))}
      >
        It is empty: tare
      </Button>
    </div>
  );
}

function Weights({ state, seconds }: StepProps) {
  const whyNot = useTaking(state, seconds);
  const [grams, setGrams] = useState('');
  const weight = numberOf(grams);
  const isWeight = Number.isFinite(weight) && weight !== 0;
  const add = async () => {
    if (await act((api) => api.calibration.addPoint({ weight, patience, seconds: numberOf(seconds) })))
      setGrams('');
  };
  const finish = (anyway: boolean) =>
    void act(
      (api) => api.calibration.finish(anyway ? { anyway } : {}),
      ({ channel }) => `Calibrated: ${channel} is drawn on the scopes.`,
    );
  const { fit } = state;
  return (
    <div className="stack">
      <p>{`${state.points.length === 0 ? '2. Put' : 'Finish, or put'} a known weight on the cell.`}</p>
      <form className="row end" onSubmit={(event) => (event.preventDefault(), void add())}>
        <Field label="Grams">
          <TextInput
            inputMode="decimal"
            value={grams}
            autoFocus
            onChange={(event) => setGrams(event.currentTarget.value)}
            data-testid="calibrate-grams"
          />
        </Field>
        <Button type="submit" whyNot={whyNot ?? (isWeight ? null : 'Write how many grams it is.')}>
          Take this weight
        </Button>
      </form>
      <Points state={state} />
      {fit && (
        <>
          <p className="mono muted">
            {`weight = (reading ${fit.offset < 0 ? '+' : '−'} ${measured(Math.abs(fit.offset))}) / ${measured(fit.scale)} · rms ${measured(fit.rms)} g · worst ${measured(fit.worst)} of ${measured(fit.limit)} g`}
          </p>
          {fit.problems.map(({ code, message, hint }) => (
            <p key={code} className="warn-t">
              {message} <span className="muted">{hint}</span>
            </p>
          ))}
          <Button
            look={fit.fits ? 'primary' : 'plain'}
            whyNot={whyNot}
            data-testid="calibrate-finish"
            onClick={() => finish(!fit.fits)}
          >
            {fit.fits ? 'Finish' : 'Finish although the line does not fit'}
          </Button>
        </>
      )}
    </div>
  );
}

function Points({ state }: { state: CalibrationState }) {
  const points = [...(state.tare ? [state.tare] : []), ...state.points];
  const limit = state.fit?.limit ?? Infinity;
  const isOpen = state.step === 'weights';
  return (
    <table className="points">
      <thead>
        <tr>
          {['Grams', `Mean (${state.unit})`, 'Noise', 'Spikes', 'Residual (g)', ''].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="mono">
        {points.map((point, i) => (
          <tr key={`${point.from} ${point.weight}`}>
            <td>{i === 0 ? 'tare' : measured(point.weight)}</td>
            <td>{measured(point.mean)}</td>
            <td>{measured(point.noise)}</td>
            <td className={point.spikes > 0 ? 'warn-t' : ''}>{point.spikes}</td>
            <td className={Math.abs(point.residual ?? 0) > limit ? 'bad-t' : ''}>
              {point.residual === null ? '–' : measured(point.residual)}
            </td>
            <td>
              {isOpen && i > 0 && (
                <Button
                  small
                  aria-label={`Drop ${point.weight} g`}
                  onClick={() => void act((api) => api.calibration.dropPoint({ index: i - 1 }))}
                >
                  Drop
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useTaking(state: CalibrationState, seconds: string): string | null {
  const whyNot = useWhyNot('device.calibrate');
  const taken = numberOf(seconds);
  if (whyNot) return whyNot;
  if (state.taking) return 'A load is being taken.';
  return taken >= 0.25 && taken <= 30 ? null : 'It has to be steady for 0.25 to 30 seconds.';
}

/** A number as it is typed, with a point or a comma; NaN for none. */
const numberOf = (text: string) => (text.trim() ? Number(text.replace(',', '.')) : NaN);
