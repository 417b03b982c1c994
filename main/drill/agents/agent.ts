/** One agent at work: request by request, in sessions, as time goes on. */
import type { Line } from '../signal/line.ts';
import { agentStream, createDraw, uuidOf, type Draw } from './draw.ts';
import { faultyScene, type AgentFaultName } from './faults/index.ts';
import type { MakeHands } from './hands/hands.ts';
import { viewOf } from './line-view.ts';
import { createMeter, type Meter } from './meter.ts';
import { agentKinds } from './profile.ts';
import { beginsSession, healthyScene, newMemory, type Memory, type Stage } from './scenes/index.ts';
import { summaryOf } from './summary.ts';
import type { AgentName, Step, Told } from './types.ts';

export interface AgentOptions {
  name: AgentName;
  seed: number;
  line: Line;
  /** Rig seconds at which it begins. */
  from: number;
  wallMs(seconds: number): number;
  makeHands: MakeHands;
}

export interface Agent {
  /** What it did up to a moment, since it was last asked. */
  until(seconds: number): Told[];
  setFault(name: AgentFaultName, on: boolean, seconds: number): void;
}

interface Session {
  endsAt: number;
  compactions: number;
  turns: number;
  memory: Memory;
  meter: Meter;
}

interface ActiveFault {
  name: AgentFaultName;
  from: number;
  to: number;
  /** How often it showed. */
  shown: number;
}

/** How long sessions last. Who tells the whole conversation with each request keeps them short. */
const sessionSeconds: Record<AgentName, [number, number]> = {
  operator: [1_200, 4_200],
  analyst: [700, 1_900],
  keeper: [700, 1_900],
};
/** Of its window, where a harness compacts by itself. */
const compactAt = 0.66;
/** So often a session is compacted before a new one begins. */
const mostCompactions = 2;

export function createAgent({ name, seed, line, from, wallMs, makeHands }: AgentOptions): Agent {
  const { window, base } = agentKinds[name];
  const faults: ActiveFault[] = [];
  const queue: Told[] = [];
  let session: Session | null = null;
  let turn = 0;
  let clock = from + createDraw(seed, agentStream[name], 0).between(4, 40);

  function planTurn(): void {
    const draw = createDraw(seed, agentStream[name], ++turn);
    const player = createPlayer(queue, draw, clock);
    const fault = activeFault(draw);
    const isNew = !session || clock >= session.endsAt;
    const own = isNew || !session ? (session = newSession(player, draw)) : session;
    if (!isNew && !fault) compactIfNeeded(own, player, draw);
    const stage: Stage = {
      agent: name,
      draw,
      hands: makeHands(draw),
      view: viewOf(line, clock, wallMs),
      memory: own.memory,
    };
    const scene =
      fault && !isNew
        ? faultyScene(fault.name, seed + fault.shown++, { window, base, tokens: () => own.meter.tokens() })
        : isNew
          ? beginsSession
          : healthyScene(draw);
    player.play(scene(stage), own);
    own.turns++;
    // Whose context was lost is started afresh.
    if (own.compactions >= mostCompactions) own.endsAt = player.now();
    clock = player.now() + (isNew ? draw.between(5, 20) : draw.between(15, 75));
  }

  /** At its first turn a fault shows; later it does so more often than not. */
  function activeFault(draw: Draw): ActiveFault | null {
    const active = faults.filter((fault) => fault.from <= clock && clock < fault.to);
    const fault = active[turn % Math.max(1, active.length)];
    return fault && (fault.shown === 0 || draw.chance(0.65)) ? fault : null;
  }

  function newSession(player: Player, draw: Draw): Session {
    player.tell({ kind: 'session', id: uuidOf(draw) });
    return {
      endsAt: clock + draw.between(...sessionSeconds[name]),
      compactions: 0,
      turns: 0,
      memory: { ...newMemory(), settings: session?.memory.settings ?? newMemory().settings },
      meter: createMeter(base + draw.whole(-200, 900)),
    };
  }

  function compactIfNeeded(own: Session, player: Player, draw: Draw): void {
    const isFull = own.meter.tokens() > window * compactAt;
    const isAsked = name === 'operator' && own.turns >= 5 && draw.chance(0.06);
    if (!isFull && !isAsked) return;
    const summary = summaryOf(own.memory, own.memory.rules);
    player.play([{ kind: 'compaction', summary, trigger: isFull ? 'auto' : 'manual' }], own);
  }

  return {
    until(seconds) {
      while (clock <= seconds) planTurn();
      const ready = queue.findIndex(({ at }) => at > seconds);
      return queue.splice(0, ready < 0 ? queue.length : ready);
    },
    setFault(fault, on, seconds) {
      for (const each of faults) if (each.name === fault && each.to > seconds) each.to = seconds;
      if (on) faults.push({ name: fault, from: seconds, to: Infinity, shown: 0 });
    },
  };
}

type Moment = Told extends infer T ? (T extends { at: number } ? Omit<T, 'at'> : never) : never;

/** Puts steps on the time axis, one after the other. */
interface Player {
  now(): number;
  tell(told: Moment): void;
  play(steps: readonly Step[], session: Session): void;
}

function createPlayer(queue: Told[], draw: Draw, from: number): Player {
  let now = from;
  let turnFrom = from;
  const tell = (told: Moment) => void queue.push({ ...told, at: now });

  function play(step: Step, session: Session): void {
    const { meter } = session;
    if (step.kind === 'pause') now += step.seconds;
    else if (step.kind === 'person') {
      turnFrom = now;
      meter.hear(step.text);
      tell(step);
    } else if (step.kind === 'turn-end') tell({ kind: 'turn-end', startedAt: turnFrom });
    else if (step.kind === 'compaction') {
      const before = meter.tokens();
      now += draw.between(8, 20);
      meter.compact(step.summary);
      session.compactions++;
      tell({ ...step, before, after: meter.tokens() });
      now += 1;
    } else playReply(step, meter);
  }

  function playReply(reply: Extract<Step, { kind: 'reply' }>, meter: Meter): void {
    const startedAt = now;
    const tokens = meter.tokens();
    now += draw.between(1.5, 6);
    const ids = reply.uses.map(() => draw.hex(24));
    tell({ kind: 'reply', reply, ids, tokens, written: meter.answer(reply), startedAt });
    // At once: each ends when it does, the shortest first.
    const called = now;
    const ends = reply.uses.map((use, index) => ({ use, id: ids[index]!, end: called + use.seconds }));
    for (const { use, id, end } of ends.sort((a, b) => a.end - b.end)) {
      now = end;
      meter.see(use.outcome);
      tell({ kind: 'result', use, id, startedAt: called });
    }
  }

  return {
    now: () => now,
    tell,
    play: (steps, session) => steps.forEach((step) => play(step, session)),
  };
}
