import { keyProps } from '../../commands/keys.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { clockTime, duration, fullTime } from '../../ui/format.ts';
import { useCompared } from './use-comparison.ts';

/** Says which kept window the grey traces are, and how they lie. Nothing while there is none. */
export function CompareLegend() {
  const kept = useCompared();
  const align = useRoom((store) => store.comparison?.align);
  if (!kept) return null;
  const { from, to } = kept.of;
  return (
    <div className="legend" role="status" data-testid="compare-legend">
      <i className="ghost-ink" aria-hidden />
      <span className="clip" title={`${kept.name} · ${fullTime(from)}`}>
        {`grey: ${kept.label}, ${duration((to - from) / 1000)} from ${clockTime(from)}, `}
        {align === 'trigger' ? 'triggers on each other' : 'right edges on each other'}
      </span>
      <Button
        small
        {...keyProps('Alt+W')}
        aria-label="Stop comparing"
        onClick={() => useRoom.getState().setScopeView({ comparison: null })}
      >
        ✕
      </Button>
    </div>
  );
}
