import { useEffect, useState } from 'react';
import type { Measurement } from '../../../common/contract/signals.ts';
import { problemOf } from '../../client/api.ts';
import { hostNow } from '../../store/link.ts';
import { useRoom } from '../../store/store.ts';
import { duration, measured } from '../../ui/format.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { endOf, startOf } from './time-axis.ts';

const everyMs = 1000;

/** Figures of the stretch selected, or else of what the scopes show, from every sample in it. */
export function MeasurePanel({ engine, ids }: { engine: ScopeEngine; ids: string[] }) {
  const { found, problem, seconds } = useMeasurements(engine, ids);
  const channels = useRoom((store) => store.channels);
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <section className="measure" aria-label="Measurements" data-testid="measure" tabIndex={0}>
      {problem && <p className="bad-t">{problem}</p>}
      <table className="mono">
        <caption className="only-read">{`Measured over ${seconds.toFixed(2)} s`}</caption>
        <thead>
          <tr>
            {[
              `over ${seconds.toFixed(2)} s`,
              'mean',
              'min',
              'max',
              'p-p',
              'rms',
              'noise',
              'rate',
              'drift',
              'edges',
              'mains',
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.map((each) => (
            <tr key={each.channel} data-testid={`measured-${each.channel.replaceAll('/', '-')}`}>
              <th scope="row" className="clip">
                {nameOf(each.channel)} <span className="faint">{each.unit}</span>
              </th>
              {cellsOf(each).map((text, i) => (
                <td key={i}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const shown = (value: number | null) => (value === null ? '–' : measured(value));

function cellsOf(each: Measurement): string[] {
  return [
    shown(each.mean),
    shown(each.min),
    shown(each.max),
    shown(each.peakToPeak),
    shown(each.rms),
    noiseText(each),
    each.rate === null
      ? '–'
      : `${measured(each.rate)}/s${each.gaps.count > 0 ? ` · ${each.gaps.count} gaps` : ''}`,
    each.drift === null ? '–' : `${measured(each.drift.perMinute)} ± ${measured(each.drift.error)} /min`,
    edgesText(each),
    mainsText(each),
  ];
}

function noiseText({ noise, unit }: Measurement): string {
  if (!noise) return '–';
  const other =
    unit === 'g'
      ? noise.counts !== null && `${measured(noise.counts)} counts`
      : noise.grams !== null && `${measured(noise.grams)} g`;
  return `${measured(noise.sigma)}${other ? ` (${other})` : ''}`;
}

function edgesText({ edges }: Measurement): string {
  if (!edges || edges.rising + edges.falling === 0) return '–';
  const parts = [
    `${edges.rising}↑ ${edges.falling}↓`,
    edges.frequency !== null && `${measured(edges.frequency)} Hz`,
    edges.duty !== null && `${Math.round(edges.duty * 100)} %`,
    edges.low && `low ${duration(edges.low.mean / 1000)}`,
    edges.bounces > 0 && `${edges.bounces} bounces`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function mainsText({ mains }: Measurement): string {
  if (!mains) return '–';
  const parts = [
    mains.fifty && `50 Hz ×${measured(mains.fifty.ratio)}`,
    mains.sixty && `60 Hz ×${measured(mains.sixty.ratio)}`,
  ];
  return parts.filter(Boolean).join(' ') || '–';
}

function useMeasurements(engine: ScopeEngine, ids: string[]) {
  const link = useRoom((store) => store.link);
  const selection = useRoom((store) => store.selection);
  const [found, setFound] = useState<Measurement[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [seconds, setSeconds] = useState(0);
  const key = ids.join(' ');
  useEffect(() => {
    if (link.is !== 'up' || key === '') return;
    const ending = new AbortController();
    const measure = async () => {
      const axis = engine.axis();
      const from = Math.max(0, Math.floor(selection?.from ?? startOf(axis)));
      const present = hostNow(useRoom.getState().clockOffset);
      const to = Math.ceil(Math.min(selection?.to ?? endOf(axis), present));
      if (to <= from) return;
      try {
        const channels = key.split(' ').slice(0, 32);
        const answer = await link.api.signals.measure({ channels, from, to }, { signal: ending.signal });
        if (ending.signal.aborted) return;
        setFound(answer);
        setSeconds((to - from) / 1e6);
        setProblem(null);
      } catch (error) {
        const told = ending.signal.aborted ? null : problemOf(error);
        if (told) setProblem(`${told.message} ${told.hint}`);
      }
    };
    let isBusy = false;
    const tick = () => {
      // The next question waits for the answer before it.
      if (isBusy) return;
      isBusy = true;
      void measure().finally(() => (isBusy = false));
    };
    tick();
    const timer = setInterval(tick, everyMs);
    return () => {
      clearInterval(timer);
      ending.abort();
    };
  }, [engine, key, link, selection]);
  return { found, problem, seconds };
}
