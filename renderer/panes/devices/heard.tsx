import type { ProbeReport } from '../../../common/contract/devices.ts';
import { byteSize } from '../../ui/format.ts';
import { dialectTitle } from './names.ts';
import type { Probe } from './use-probe.ts';

const shownGuesses = 3;

/** What was heard at a port: how far the listening is, the likely dialects with their confidence, some lines. */
export function Heard({ probe }: { probe: Probe }) {
  const { report, isRunning, problem } = probe;
  if (problem)
    return (
      <p className="bad-t" role="alert">
        {problem.message} <span className="muted">{problem.hint}</span>
      </p>
    );
  if (!report) return isRunning ? <p className="run-t">Opening the port…</p> : null;
  return (
    <div className="stack" role="status">
      {isRunning && <p className="run-t">{progressText(report)}</p>}
      {report.problem && (
        <p className="bad-t">
          {report.problem.message} <span className="muted">{report.problem.hint}</span>
        </p>
      )}
      <ul className="guesses">
        {report.guesses.slice(0, shownGuesses).map(({ dialect, confidence, why }, index) => (
          <li key={`${dialect}-${index}`} className="row" title={why}>
            <span className={index === 0 ? 'ok-t' : 'muted'}>{dialectTitle(dialect)}</span>
            <span className="push mono">{`${Math.round(confidence * 100)} %`}</span>
          </li>
        ))}
      </ul>
      {report.lines.length > 0 && (
        <pre className="mono faint lines" aria-label="Lines that were heard">
          {report.lines
            .slice(-3)
            .map(({ text, hex }) => text || hex)
            .join('\n')}
        </pre>
      )}
    </div>
  );
}

function progressText({ phase, baud, bytes, tried }: ProbeReport): string {
  if (phase === 'opening') return 'Opening the port…';
  const at = baud === null ? '' : ` at ${baud}`;
  if (phase === 'waiting') return `Waiting for a first byte${at} (a board may be starting)…`;
  const before = tried.length > 1 ? `, after ${tried.slice(0, -1).join(', ')}` : '';
  return `Listening${at}${before}: ${byteSize(bytes)} so far…`;
}
