import { useState } from 'react';
import type { Finding } from '../../../common/incident/state.ts';
import { openEntry } from '../../store/open-entry.ts';
import { Button } from '../../ui/button.tsx';
import { fullTime } from '../../ui/format.ts';

const glyphs: Record<Finding['result'], [glyph: string, look: string, word: string]> = {
  pass: ['✓', 'ok-t', 'passed'],
  fail: ['✕', 'bad-t', 'failed'],
  warn: ['!', 'warn-t', 'warning'],
  error: ['⚠', 'warn-t', 'the check broke'],
  unknown: ['?', 'faint', 'not known'],
};

/** A finding in a sentence; pressed, what it rules out, what to do next, and the way to what it was read from. */
export function FindingLine({ finding, before }: { finding: Finding; before: Finding | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const [glyph, look, word] = glyphs[finding.result];
  return (
    <div>
      <button
        type="button"
        className="check finding"
        aria-expanded={isOpen}
        title={`${word} · ${finding.check} · ${fullTime(finding.at)}`}
        data-result={finding.result}
        data-check={finding.check}
        onClick={() => setOpen(!isOpen)}
      >
        <i className={look} aria-hidden>
          {glyph}
        </i>
        <span className={isOpen ? '' : 'says'}>
          <span className="only-read">{word}: </span>
          {finding.early && <span className="faint">seen early · </span>}
          {before && before.result !== finding.result && (
            <span className={look}>{`${glyphs[before.result][2]} before · `}</span>
          )}
          {finding.says}
        </span>
      </button>
      {isOpen && <Details finding={finding} />}
    </div>
  );
}

function Details({ finding }: { finding: Finding }) {
  const { next, rulesOut, explainedBy, evidence, check, id } = finding;
  const parts = [
    ['Next', next],
    ['Rules out', rulesOut],
    ['Explained by', explainedBy],
    ['Check', check],
  ] as const;
  return (
    <dl className="finding-details">
      {parts.map(
        ([title, text]) =>
          text && (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{text}</dd>
            </div>
          ),
      )}
      <Button small onClick={() => openEntry(id)}>
        {evidence.length > 0 ? 'Open its evidence' : 'Open its entry'}
      </Button>
    </dl>
  );
}
