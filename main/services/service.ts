import type { ServiceHealth, ServiceSpec } from '../../common/contract/services.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { valueAt } from '../../common/lib/field.ts';
import { parseMetrics } from '../../common/wire/prometheus.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import { readEvents, readSocket } from './answers.ts';
import { ask, jsonOf, type Answered } from './ask.ts';
import { channelsOf, createMetricReader, readAnswer, timeOf } from './columns.ts';
import { createDateClock } from './date-clock.ts';
import { createPace } from './pace.ts';

export interface ServiceDeps {
  now(): number;
  samples(blocks: SampleBlock[]): void;
  /** It answers, or no longer. */
  link(state: 'connected' | 'lost', at: number, reason: string): void;
  changed(): void;
}

/** One service under watch: asks for its health at intervals and takes its answers as samples, until stopped. */
export interface Service {
  readonly spec: ServiceSpec;
  health(): ServiceHealth;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** `seqs`: numbers of the next blocks, where a service of this name was known before; it is kept up to date. */
export function createService(spec: ServiceSpec, seqs: Map<string, number>, deps: ServiceDeps): Service {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { now } = deps;
  const clock = createDateClock();
  const pace = createPace(spec.expectedMs);
  const readMetrics = createMetricReader(spec.metrics?.columns ?? []);
  const lastTimes = new Map<string, number>();
  let isUp: boolean | null = null;
  let problem: ServiceHealth['problem'] = null;
  let [answers, rejected, connections, lastAnswer] = [0, 0, 0, 0];
  let newest: unknown = null;

  /** One sample of each column, at `at` or just after the column's last: times never step back. */
  function put(values: [column: string, value: number][], at: number): void {
    const blocks = values.map(([column, value]): SampleBlock => {
      const channel = `${spec.name}/${column}`;
      const time = Math.max(at, (lastTimes.get(channel) ?? 0) + 0.25);
      const seq = seqs.get(channel) ?? 0;
      lastTimes.set(channel, time);
      seqs.set(channel, seq + 1);
      return { channel, seq, t: Float64Array.of(time), v: Float64Array.of(value) };
    });
    if (blocks.length > 0) deps.samples(blocks);
  }

  /** An answer's own time is put on the host's axis, and never after its arrival. */
  function takeAnswer(answer: unknown, received: number): void {
    const values = readAnswer(spec, answer);
    if (values === null) return void rejected++;
    answers++;
    lastAnswer = received;
    newest = answer;
    const own = timeOf(answer, spec.answers?.at);
    const offset = clock.estimate()?.offsetMicros;
    put(values, own === null || offset === undefined ? received : Math.min(received, own - offset));
  }

  function heard({ sent, received, date }: Answered): void {
    lastAnswer = received;
    if (date !== null) clock.add(sent, received, date);
  }

  function become(up: boolean, at: number, why: ServiceHealth['problem']): void {
    put([['up', up ? 1 : 0]], at);
    problem = why;
    if (isUp !== up && (up || isUp !== null)) deps.link(up ? 'connected' : 'lost', at, why?.message ?? '');
    isUp = up;
    deps.changed();
  }

  async function askHealth(): Promise<void> {
    const url = addressOf(spec, spec.health);
    const answered = await ask(url, { timeoutMs: spec.timeoutMs, signal, now });
    heard(answered);
    const millis = (answered.received - answered.sent) / 1000;
    pace.add(millis);
    put([['answer', millis]], answered.received);
  }

  async function poll(): Promise<void> {
    if (spec.answers?.by !== 'poll') return;
    const { path, items, since } = spec.answers;
    const url = new URL(addressOf(spec, path));
    const after = since && valueAt(newest, since.field);
    if (since && (typeof after === 'number' || typeof after === 'string'))
      url.searchParams.set(since.query, `${after}`);
    const answered = await ask(url.href, { timeoutMs: spec.timeoutMs, signal, now });
    heard(answered);
    const json = jsonOf(answered, url.href);
    const list = items === undefined ? json : valueAt(json, items);
    if (items !== undefined && !Array.isArray(list))
      throw new WarroomError(
        'bad-input',
        `${url.href} has no list at ${items}.`,
        'Check the path of its items.',
      );
    for (const answer of Array.isArray(list) ? list : [list]) takeAnswer(answer, answered.received);
  }

  async function askMetrics(): Promise<void> {
    if (!spec.metrics) return;
    const url = addressOf(spec, spec.metrics.path);
    const answered = await ask(url, { timeoutMs: spec.timeoutMs, signal, now });
    heard(answered);
    const metrics = parseMetrics(answered.text);
    rejected += metrics.rejected;
    put(readMetrics(metrics, answered.received), answered.received);
  }

  /** Health decides whether it is up; what else goes wrong is told beside it. */
  async function round(): Promise<void> {
    try {
      await askHealth();
    } catch (error) {
      if (!signal.aborted) become(false, now(), problemOf(error));
      return;
    }
    let beside: ServiceHealth['problem'] = null;
    for (const work of [poll, askMetrics])
      await work().catch((error: unknown) => void (beside = problemOf(error)));
    if (!signal.aborted) become(true, lastAnswer, beside ?? streamProblem);
  }

  let streamProblem: ServiceHealth['problem'] = null;
  const onMessage = (text: string) => {
    try {
      takeAnswer(JSON.parse(text), now());
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      rejected++;
    }
  };

  async function stream(): Promise<void> {
    if (!spec.answers || spec.answers.by === 'poll') return;
    const read = spec.answers.by === 'sse' ? readEvents : readSocket;
    const url = addressOf(spec, spec.answers.path);
    let pause = firstPauseMs;
    const onOpen = () => {
      connections++;
      pause = firstPauseMs;
      streamProblem = null;
    };
    while (!signal.aborted) {
      try {
        await read(url, { timeoutMs: spec.timeoutMs, signal, onOpen, onMessage });
      } catch (error) {
        streamProblem = problemOf(error);
        deps.changed();
      }
      await wait(pause, signal);
      pause = Math.min(longestPauseMs, pause * 2);
    }
  }

  async function rounds(): Promise<void> {
    while (!signal.aborted) {
      const began = now();
      await round();
      await wait(Math.max(10, spec.everyMs - (now() - began) / 1000), signal);
    }
  }

  const running = Promise.all([rounds(), stream()]);
  return {
    spec,
    health: () => ({
      name: spec.name,
      url: spec.url,
      state: signal.aborted ? 'stopped' : stateOf(isUp, pace.isSlow()),
      problem: signal.aborted ? null : problem,
      channels: channelsOf(spec),
      answerMs: pace.median(),
      answers,
      rejected,
      reconnects: Math.max(0, connections - 1),
      lastAnswer,
      clock: clock.estimate(),
    }),
    async stop() {
      stopping.abort();
      await running;
      if (isUp) deps.link('lost', now(), 'Disconnected on request.');
    },
  };
}

function stateOf(isUp: boolean | null, isSlow: boolean): ServiceHealth['state'] {
  if (isUp === null) return 'connecting';
  if (!isUp) return 'down';
  return isSlow ? 'slow' : 'up';
}

function addressOf({ url }: ServiceSpec, path: string): string {
  return `${url.replace(/\/+$/, '')}${path}`;
}

function problemOf(error: unknown): NonNullable<ServiceHealth['problem']> {
  if (error instanceof WarroomError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'internal', message: messageOf(error), hint: '' };
}

function wait(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
