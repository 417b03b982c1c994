import type { Answer, Asked } from '../http-service.ts';
import type { Line, Part } from '../signal/line.ts';
import { uniform } from '../signal/random.ts';
import { stream } from '../signal/streams.ts';
import { scoreOf } from './score-of.ts';
import type { ActiveSystemFault, Row, Score, ServiceName, Strike } from './types.ts';

export interface SystemOptions {
  line: Line;
  /** Added to and ended while it runs; none unless told. */
  faults?: readonly ActiveSystemFault[];
  /** Wall time of the rig's start, milliseconds since 1970. */
  startedAt: number;
}

/** What vision, scorer and table make of the line's parts. All times are seconds since the rig started. */
export interface System {
  /** Parts as vision has seen them by `now`. */
  seen(now: number): Part[];
  /** What the scorer made of these by `now`. */
  scores(now: number): Score[];
  /** Rows of the table by `now`. */
  rows(now: number): Score[];
  /** How vision sees a picture now that it is shown besides. */
  look(picture: Part, now: number): Part;
  /** A row as `target` gives it at `now`. */
  row(target: ServiceName, row: Row, now: number): Row;
  /** What `target` answers in the end. `at`: what it would have answered at another moment. */
  answer(target: ServiceName, asked: Omit<Asked, 'since'>, at: (now: number) => Answer): Answer;
  /** What `target` says that its model is made of. */
  made(target: ServiceName, parts: Record<string, string>, now: number): Record<string, string>;
  /** Seconds by which the clock of `target` is ahead. */
  clock(target: ServiceName, now: number): number;
}

/** Delays behind the beam, in seconds: camera, scorer, row in the table. */
const delay = { cv: 0.4, llm: 0.9, table: 1.1 };
/** Chances of one part and fault that are told apart. */
const chances = 8;

export function createSystem({ line, faults = [], startedAt }: SystemOptions): System {
  const on = (now: number, target?: ServiceName) =>
    faults.filter(
      (each) => each.onset <= now && now < each.end && (target === undefined || each.target === target),
    );
  const strikeOf = (index: number, since: number): Strike => ({
    chance: (which = 0) => uniform(line.seed, stream.system, index * chances + which),
    since,
  });

  function see(part: Part): Part | null {
    let seen: Part | null = part;
    for (const { fault, onset } of on(part.at))
      seen &&= fault.see ? fault.see(seen, strikeOf(part.index, part.at - onset)) : seen;
    return seen;
  }

  function seenBy(until: number): Part[] {
    return line.partsUntil(until).flatMap((part) => see(part) ?? []);
  }

  function scoresBy(until: number): { part: Part; score: Score }[] {
    let before: Score | null = null;
    return seenBy(until).flatMap((part) => {
      const own = scoreOfPart(part, startedAt);
      let score: Score | null = own;
      for (const { fault, onset } of on(part.at))
        score &&= fault.score ? fault.score(score, strikeOf(part.index, part.at - onset), before) : score;
      before = own;
      return score ? [{ part, score }] : [];
    });
  }

  return {
    seen: (now) => seenBy(now - delay.cv),
    scores: (now) => scoresBy(now - delay.llm).map(({ score }) => score),
    rows: (now) =>
      scoresBy(now - delay.table).flatMap(({ part, score }) => {
        let rows = [score];
        for (const { fault, onset } of on(part.at))
          if (fault.store)
            rows = rows.flatMap((row) => fault.store!(row, strikeOf(part.index, part.at - onset)));
        return rows;
      }),
    look: (picture, now) => {
      let seen = picture;
      for (const { fault, onset } of on(now, 'cv'))
        seen = fault.see?.(seen, strikeOf(picture.index, now - onset)) ?? seen;
      return seen;
    },
    row: (target, row, now) =>
      on(now, target).reduce(
        (given, { fault, onset }) =>
          fault.row?.(given, strikeOf(Number(row.part ?? 0), now - onset)) ?? given,
        row,
      ),
    answer: (target, asked, at) =>
      on(asked.now, target).reduce(
        (answer, { fault, onset }) =>
          fault.answer?.(answer, { ...asked, since: asked.now - onset }, () => at(onset)) ?? answer,
        at(asked.now),
      ),
    made: (target, parts, now) =>
      on(now, target).reduce((made, { fault }) => fault.made?.(made) ?? made, parts),
    clock: (target, now) => on(now, target).reduce((ahead, { fault }) => ahead + (fault.clock ?? 0), 0),
  };
}

/** A part as vision saw it, in the answers. */
export function detectionOf(part: Part, startedAt: number): Row {
  const { index, label, confidence, box } = part;
  return {
    part: index,
    at: timeOf(startedAt, part.at + delay.cv),
    label,
    confidence: round(confidence),
    box,
    latency_ms: round(part.visionMs),
  };
}

function scoreOfPart(part: Part, startedAt: number): Score {
  return {
    part: part.index,
    at: timeOf(startedAt, part.at + delay.llm),
    grams: round(part.grams),
    label: part.label,
    score: scoreOf(part.label, part.confidence),
    latency_ms: round(part.scorerMs),
    tokens: part.tokens,
  };
}

/** ISO 8601 of a moment in seconds since the rig started. */
export const timeOf = (startedAt: number, seconds: number): string =>
  new Date(startedAt + seconds * 1000).toISOString();
const round = (value: number) => Math.round(value * 1000) / 1000;
