import { useRoom } from '../../store/store.ts';
import { fullTime } from '../../ui/format.ts';
import { cursorTime, frequencyText, spanText } from './cursor-text.ts';

/** Where the cursors stand, and what lies between them. Nothing while there is none. */
export function CursorBar({ dt }: { dt: number }) {
  const { a, b } = useRoom((store) => store.cursors);
  const active = useRoom((store) => store.activeCursor);
  if (a === null && b === null) return null;
  const frequency = a !== null && b !== null ? frequencyText(b - a) : null;
  return (
    <div className="cursor-bar mono" role="status" aria-label="Cursors" data-testid="cursors">
      <CursorTime name="A" at={a} dt={dt} isActive={active === 'a'} />
      <CursorTime name="B" at={b} dt={dt} isActive={active === 'b'} />
      {a !== null && b !== null && <span data-testid="cursor-delta">{`Δt ${spanText(b - a)}`}</span>}
      {frequency && <span>{`1/Δt ${frequency}`}</span>}
      <span className="faint clip hint">arrows move, Shift ×10, Esc removes</span>
    </div>
  );
}

interface CursorTimeProps {
  name: string;
  at: number | null;
  dt: number;
  isActive: boolean;
}

function CursorTime({ name, at, dt, isActive }: CursorTimeProps) {
  if (at === null) return null;
  return (
    <span title={fullTime(at)} className={isActive ? 'active' : 'muted'} data-testid={`cursor-${name}`}>
      <b>{name}</b> {cursorTime(at, dt)}
    </span>
  );
}
