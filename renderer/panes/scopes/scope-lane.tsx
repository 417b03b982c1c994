import { useCallback, useEffect, useState } from 'react';
import type { CaptureChannel } from '../../store/channels.ts';
import { hostNow } from '../../store/link.ts';
import { useRoom } from '../../store/store.ts';
import { measured } from '../../ui/format.ts';
import { cursorText, deltaText, type CursorReading } from './cursor-text.ts';
import { areLevels, levelPlace } from './digital.ts';
import { ageText, laneAge, type LaneAge } from './lane-age.ts';
import { levelWord, levelWords } from './levels.ts';
import type { Reading, ScopeEngine } from './scope-engine.ts';

const measureMs = 250;

export interface ScopeLaneProps {
  engine: ScopeEngine;
  channel: CaptureChannel;
  /** A CSS colour. */
  color: string;
  /** Absolute column under the pointer. */
  cursor: number | null;
  a: CursorReading | null;
  b: CursorReading | null;
  /** A kept window lies under the trace. */
  hasGhost: boolean;
}

/** One channel: its trace, its name, its values at the cursors and what is measured of the part shown. */
export function ScopeLane({ engine, channel, color, cursor, a, b, hasGhost }: ScopeLaneProps) {
  const attach = useCallback(
    (canvas: HTMLCanvasElement | null) => engine.attach(channel.id, canvas),
    [engine, channel.id],
  );
  const attachGhost = useCallback(
    (canvas: HTMLCanvasElement | null) => engine.ghost.attach(channel.id, canvas),
    [engine, channel.id],
  );
  const reading = useReading(engine, channel.id);
  const age = useAge(channel, reading);
  const isDigital = channel.kind === 'step' && (!reading || areLevels(reading));
  const name = channel.id.replaceAll('/', '-');
  return (
    <div
      className={`scope ${isDigital ? 'digital' : ''} ${age?.isStale ? 'stale' : ''}`}
      data-testid={`lane-${name}`}
    >
      <div className="lane-head">
        <div className="lab">
          <b className="clip" style={{ color }} title={channel.id}>
            {channel.name}
          </b>
          <span className="faint">{channel.unit}</span>
          {cursor !== null && !a && !b && (
            <span className="mono">{underText(channel, engine.valueAt(channel.id, cursor))}</span>
          )}
          <CursorValues channel={channel} a={a} b={b} />
        </div>
        <Measurements channel={channel} reading={reading} age={age} />
      </div>
      <div className="trace">
        <canvas
          ref={attach}
          data-testid={`scope-${name}`}
          role="img"
          aria-label={`Trace of ${channel.name}`}
        />
        {hasGhost && <canvas ref={attachGhost} className="ghost" data-testid={`ghost-${name}`} aria-hidden />}
        {isDigital && <Levels id={channel.id} />}
      </div>
    </div>
  );
}

function underText({ id, kind, unit }: CaptureChannel, under: { min: number; max: number } | null): string {
  if (!under) return '';
  const show = (value: number) => (kind === 'step' && levelWord(id, value)) || measured(value);
  const range = under.min === under.max ? show(under.min) : `${show(under.min)} … ${show(under.max)}`;
  return `${range} ${unit}`;
}

function CursorValues({ channel, a, b }: Pick<ScopeLaneProps, 'channel' | 'a' | 'b'>) {
  const delta = a && b && deltaText(channel, a, b);
  const id = channel.id.replaceAll('/', '-');
  return (
    <span className="mono at-cursors" data-testid={`at-cursors-${id}`}>
      {a && <span data-exact={a.exact !== null}>{`A ${cursorText(channel, a)}`}</span>}
      {b && <span data-exact={b.exact !== null}>{`B ${cursorText(channel, b)}`}</span>}
      {delta && <span>{`Δ ${delta}`}</span>}
    </span>
  );
}

/** The two levels by their words, where they are drawn. */
function Levels({ id }: { id: string }) {
  const [low, high] = levelWords(id);
  const place = (level: 0 | 1) => ({ top: `${levelPlace(level) * 100}%` });
  return (
    <>
      <span className="level" style={place(1)} aria-hidden>
        {high}
      </span>
      <span className="level" style={place(0)} aria-hidden>
        {low}
      </span>
    </>
  );
}

interface MeasurementsProps {
  channel: CaptureChannel;
  reading: Reading | null;
  age: LaneAge | null;
}

function Measurements({ channel, reading, age }: MeasurementsProps) {
  const { kind, unit, perSecond, lost } = channel;
  const isLinear = kind === 'linear';
  return (
    <div className="meas" data-testid={`meas-${channel.id.replaceAll('/', '-')}`}>
      {age?.isStale && <span className="warn-t">{`! ${ageText(age.micros)} ago`}</span>}
      {reading && (
        <span className={age?.isStale ? 'faint' : ''}>
          {isLinear ? `${measured(reading.last)} ${unit}` : levelText(channel, reading.last)}
        </span>
      )}
      {reading && isLinear && <span>p-p {measured(reading.max - reading.min)}</span>}
      {isLinear && perSecond !== null && !age?.isStale && <span>{rate(perSecond)} sps</span>}
      {lost > 0 && <span className="bad-t">{lost} lost</span>}
    </div>
  );
}

/** Within the newest column it may have been on both. */
function levelText({ id, unit }: CaptureChannel, value: number): string {
  if (value > 0 && value < 1) return 'changing';
  return levelWord(id, value) ?? `${measured(value)} ${unit}`;
}

const rate = (perSecond: number) => (perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond)));

/** What the lane shows in numbers, a few times a second. */
function useReading(engine: ScopeEngine, id: string): Reading | null {
  const [reading, setReading] = useState<Reading | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setReading(engine.reading(id)), measureMs);
    return () => clearInterval(timer);
  }, [engine, id]);
  return reading;
}

/** How old what the lane shows is: against the present while it follows, else against the right edge. */
function useAge(channel: CaptureChannel, reading: Reading | null): LaneAge | null {
  const offset = useRoom((store) => store.clockOffset);
  const end = useRoom((store) => store.scope.end);
  const device = useRoom((store) => store.devices.find(({ id }) => channel.id.startsWith(`${id}/`)));
  const service = useRoom((store) => store.services.find(({ name }) => channel.id.startsWith(`${name}/`)));
  const now = hostNow(offset);
  if (end === null || end >= now) return laneAge(channel, now, device, service);
  // A device's heartbeat of then is in the columns of its levels.
  return reading && laneAge({ ...channel, last: reading.lastAt }, end, undefined, service);
}
