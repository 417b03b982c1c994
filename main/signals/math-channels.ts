/** The channels that the host computes from others. They are captured as any other. */
import type { MathSpec } from '../../common/contract/signals.ts';
import type { ChannelInfo, DataOf } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createMath, parseMath, unitOf, type MathStream } from '../../common/signal/math.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import type { AppendOwn, MathChannelInfo, MathChannels, SignalsDeps } from './types.ts';

type Derived = DataOf<'capture.derived'>;

interface Running {
  data: Derived;
  stream: MathStream;
}

export const mathDevice = 'math';
const everyMs = 33;
/** An input may be so far behind the others before the result goes on without it; more for a channel of computed ones. */
const patience = 500_000;
const defaultStale = 1;
const mostChannels = 32;
const backfillSpan = 600_000_000;
const backfillSamples = 100_000;
const blockSamples = 4096;

export function createMathChannels(deps: SignalsDeps): MathChannels {
  const { ledger, capture, push, log } = deps;
  const running = new Map<string, Running>();
  const seqs = new Map<string, number>();

  const infoOf = (id: string): ChannelInfo | undefined =>
    capture.channels.get().find((each) => each.id === id);

  /** 1 for channels of sensors, one more for each step of computing. */
  const depthOf = (id: string): number => {
    const inputs = running.get(id)?.stream.inputs ?? [];
    return 1 + Math.max(0, ...inputs.map(depthOf));
  };

  function run(data: Derived): Running {
    const expression = parseMath(data.expression);
    const depth = Math.max(...expression.inputs.map(depthOf));
    const stream = createMath(expression, { stale: data.stale * 1e6, patience: patience * depth });
    const { id, name, unit, kind } = data;
    capture.addDevice(mathDevice, [{ id, name, unit, kind }]);
    const started = { data, stream };
    // In the order of their making: what one reads was made before it.
    running.delete(id);
    running.set(id, started);
    return started;
  }

  function emit(id: string, { t, v }: { t: Float64Array; v: Float64Array }): void {
    const after = capture.series(id)?.lastTime ?? NaN;
    const from = t.findIndex((time) => !(time <= after));
    if (from < 0) return;
    const blocks: SampleBlock[] = [];
    for (let at = from; at < t.length; at += blockSamples) {
      const seq = seqs.get(id) ?? 0;
      seqs.set(id, seq + 1);
      const end = at + blockSamples;
      blocks.push({ channel: id, seq, t: t.slice(at, end), v: v.slice(at, end) });
    }
    push(blocks);
  }

  function compute(): void {
    const now = capture.now();
    for (const [id, { stream }] of running) {
      for (const input of stream.inputs) {
        const series = capture.series(input);
        if (series?.kind === 'step') stream.heard(input, Math.min(series.heardUntil, now - patience));
      }
      emit(id, stream.take(now));
    }
  }

  /** What is known of the last minutes. */
  function backfill({ data, stream }: Running): void {
    for (const input of stream.inputs) {
      const series = capture.series(input);
      if (!series) continue;
      const end = series.indexAt(Infinity);
      const { t, v } = series.slice(
        Math.max(series.indexAt(capture.now() - backfillSpan), end - backfillSamples),
        end,
      );
      stream.push(input, t, v);
    }
    emit(data.id, stream.take(-Infinity));
  }

  function dataOf(spec: MathSpec): Derived {
    const { name: named, inputs, root } = parseMath(spec.expression);
    const id = spec.id ?? named;
    if (!id || (named && named !== id))
      throw new WarroomError(
        'bad-input',
        `It is named ${named ?? 'nothing'} and ${id ?? 'nothing'}.`,
        'Give it one name.',
      );
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id))
      throw new WarroomError(
        'bad-input',
        `${id} is no name of a channel.`,
        'Use small letters, digits and -.',
      );
    const unknown = inputs.filter((input) => !infoOf(input));
    if (unknown.length > 0) throw noInputs(unknown, capture.channels.get());
    return {
      id: `${mathDevice}/${id}`,
      name: spec.name ?? id,
      unit:
        spec.unit ??
        unitOf(
          root,
          inputs.map((input) => infoOf(input)!.unit),
        ),
      kind: 'linear',
      expression: spec.expression.replace(/^[^=[\]]*=/, '').trim(),
      stale: spec.stale ?? defaultStale,
    };
  }

  async function replace(data: Derived, append: AppendOwn, cause?: string) {
    parseMath(data.expression);
    const place = await append({ type: 'capture.derived', data, ...(cause !== undefined && { cause }) });
    backfill(run(data));
    return place;
  }

  for (const { data } of Object.values(ledger.state.derived))
    try {
      run(data);
    } catch (error) {
      log(`The channel ${data.id} can't be computed`, error);
    }
  const stopHearing = capture.onSamples(({ channel, t, v }) => {
    for (const { stream } of running.values()) stream.push(channel, t, v);
  });
  const timer = setInterval(compute, everyMs);
  timer.unref();

  return {
    list: () =>
      [...running.values()].map(({ data, stream }): MathChannelInfo => {
        const inputs = [...stream.inputs];
        return { ...data, inputs, missing: inputs.filter((input) => !infoOf(input)) };
      }),
    async add(spec, append) {
      const data = dataOf(spec);
      if (running.has(data.id))
        throw new WarroomError(
          'taken',
          `There is a channel ${data.id}.`,
          'Remove it first, or choose another name.',
        );
      if (running.size >= mostChannels)
        throw new WarroomError('refused', `There are ${mostChannels} math channels.`, 'Remove one first.');
      return replace(data, append);
    },
    replace,
    async remove(id, append) {
      const reader = [...running.values()].find(({ stream }) => stream.inputs.includes(id));
      if (reader)
        throw new WarroomError(
          'refused',
          `${reader.data.id} is computed from ${id}.`,
          'Remove that one first.',
        );
      if (!running.has(id))
        throw new WarroomError('not-found', `There is no math channel ${id}.`, 'Look at the list.');
      const place = await append({ type: 'capture.removed', data: { id } });
      running.delete(id);
      return place;
    },
    close() {
      clearInterval(timer);
      stopHearing();
    },
  };
}

function noInputs(unknown: string[], known: ChannelInfo[]): WarroomError {
  const list = known.map(({ id }) => `[${id}]`).slice(0, 12);
  return new WarroomError(
    'not-found',
    `There is no channel ${unknown.map((id) => `[${id}]`).join(', ')}.`,
    list.length > 0 ? `There are ${list.join(', ')}.` : 'Connect a device first.',
    { unknown },
  );
}
