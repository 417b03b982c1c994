import { type RefObject } from 'react';
import { openMark } from '../../commands/scope-commands.ts';
import type { Mark } from '../../store/document.ts';
import { isMarked } from '../../store/marks.ts';
import { sentenceOf } from '../../store/sentences.ts';
import { useRoom } from '../../store/store.ts';
import { clockTime } from '../../ui/format.ts';
import { groupMarks } from './mark-groups.ts';
import type { Axis } from './time-axis.ts';

/** Flags nearer than this, in CSS pixels, are one. */
const flagRoom = 14;

interface MarkRailProps {
  rail: RefObject<HTMLDivElement | null>;
  axis: Axis;
  ratio: number;
}

/** A flag for each entry on the time axis, under the traces: a press opens it in the timeline. */
export function MarkRail({ rail, axis, ratio }: MarkRailProps) {
  const marks = useRoom((store) => store.marks);
  const open = useRoom((store) => store.entry);
  const groups = groupMarks(marks.filter(isMarked), axis, flagRoom * ratio);
  return (
    <div
      className="mark-rail"
      ref={rail}
      role="group"
      aria-label="Entries on the time axis; N and P go through them"
    >
      {groups.map((group) => (
        <Flag key={group[0]!.seq} group={group} isOpen={group.some(({ seq }) => seq === open)} />
      ))}
    </div>
  );
}

function Flag({ group, isOpen }: { group: Mark[]; isOpen: boolean }) {
  const newest = group.at(-1)!;
  const text = useRoom((store) => {
    const entry = store.entries.find(({ head }) => head.seq === newest.seq);
    return entry ? sentenceOf(entry, store.state).text : newest.type;
  });
  const more = group.length > 1 ? ` (and ${group.length - 1} more beside it)` : '';
  const label = `${clockTime(newest.at)} ${text}${more}`;
  return (
    <button
      type="button"
      // N and P reach them all without a stop of Tab at each.
      tabIndex={-1}
      className={`flag ${isOpen ? 'open' : ''}`}
      data-from={newest.at}
      data-seq={newest.seq}
      style={{ background: `var(--${newest.kind === 'sensor' ? 'system' : newest.kind})` }}
      aria-label={label}
      title={label}
      onClick={() => openMark(newest.seq)}
    />
  );
}
