import { useCallback, useEffect, useState } from 'react';
import type { CaptureChannel } from '../../store/channels.ts';
import { hostNow } from '../../store/link.ts';
import { useRoom } from '../../store/store.ts';
import { duration, measured } from '../../ui/format.ts';
import type { Reading, ScopeEngine } from './scope-engine.ts';

/** Without data for this long a trace is stale, and says so. Microseconds. */
const staleAfter = 2_000_000;
const measureMs = 250;

export interface ScopeLaneProps {
  engine: ScopeEngine;
  channel: CaptureChannel;
  /** A CSS colour. */
  color: string;
  /** Absolute column under the pointer. */
  cursor: number | null;
}

/** One channel: its trace, its name and what is measured of the part shown. */
export function ScopeLane({ engine, channel, color, cursor }: ScopeLaneProps) {
  const attach = useCallback(
    (canvas: HTMLCanvasElement | null) => engine.attach(channel.id, canvas),
    [engine, channel.id],
  );
  const under = cursor === null ? null : engine.valueAt(channel.id, cursor);
  return (
    <div className="scope">
      <canvas
        ref={attach}
        data-testid={`scope-${channel.id.replaceAll('/', '-')}`}
        role="img"
        aria-label={`Trace of ${channel.name}`}
      />
      <div className="lab">
        <b style={{ color }}>{channel.name}</b>
        <span className="faint">{channel.unit}</span>
        {under && <span className="mono">{underText(under, channel.unit)}</span>}
      </div>
      <Measurements engine={engine} channel={channel} />
    </div>
  );
}

function underText({ min, max }: { min: number; max: number }, unit: string): string {
  const range = min === max ? measured(min) : `${measured(min)} … ${measured(max)}`;
  return `${range} ${unit}`;
}

function Measurements({ engine, channel }: { engine: ScopeEngine; channel: CaptureChannel }) {
  const [reading, setReading] = useState<Reading | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setReading(engine.reading(channel.id)), measureMs);
    return () => clearInterval(timer);
  }, [engine, channel.id]);
  const quiet = useQuiet(channel);
  return (
    <div className="meas" data-testid={`meas-${channel.id.replaceAll('/', '-')}`}>
      {quiet !== null && <span className="bad-t">! no data for {duration(quiet / 1000)}</span>}
      {reading && (
        <span>
          {measured(reading.last)} {channel.unit}
        </span>
      )}
      {reading && channel.kind === 'linear' && <span>p-p {measured(reading.max - reading.min)}</span>}
      {channel.kind === 'linear' && channel.perSecond !== null && <span>{rate(channel.perSecond)} sps</span>}
      {channel.lost > 0 && <span className="bad-t">{channel.lost} lost</span>}
    </div>
  );
}

const rate = (perSecond: number) => (perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond)));

/** Microseconds since the device was last heard, when that is too long; null while it speaks. */
function useQuiet(channel: CaptureChannel): number | null {
  const offset = useRoom((store) => store.clockOffset);
  const device = useRoom((store) => store.devices.find(({ id }) => channel.id.startsWith(`${id}/`)));
  // Edges of a step channel come when they come: its device's heartbeat tells whether it lives.
  const last = channel.kind === 'step' ? Math.max(channel.last, device?.lastHeard ?? 0) : channel.last;
  if (last === 0) return null;
  const quiet = hostNow(offset) - last;
  return quiet > staleAfter ? quiet : null;
}
