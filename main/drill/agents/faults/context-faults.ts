/** Rung 2: an agent that no longer has in mind what it was told or what it did. */
import { summaryOf } from '../summary.ts';
import { unitsOfToken } from '../meter.ts';
import type { ContextNow } from './index.ts';
import { figuresOf } from '../line-view.ts';
import type { Step } from '../types.ts';
import {
  newChange,
  pause,
  person,
  say,
  sayAndUse,
  turnEnd,
  use,
  type Scene,
  type Stage,
} from '../scenes/stage.ts';

const again = <T>(times: number, of: () => T): T[] => Array.from({ length: times }, of);

/** Looks at the same rows, which no longer change, as if they would say more. */
const looksInCircles: Scene = ({ draw, hands, view }) => {
  const { first, last, mean } = figuresOf(view.newest(15));
  const scores = hands.scores(15, view);
  return [
    person('Why is the mean score lower than in the morning?'),
    ...again(draw.whole(8, 13), () =>
      draw.chance(0.3) ? sayAndUse('Let me look at the scores.', scores) : use(scores),
    ),
    say(`The mean of parts ${first} to ${last} is ${mean}.`),
    turnEnd,
  ];
};

/** The same edit that never fits. */
const editsInCircles: Scene = ({ draw, hands, memory }) => {
  const { min_confidence: now } = memory.settings;
  const misfit = hands.misfit('min_confidence', `'${now}'`, '0.59');
  return [
    person('min_confidence should be 0.59.'),
    ...again(draw.whole(8, 12), () =>
      draw.chance(0.4) ? sayAndUse('The edit did not apply. Again.', misfit) : use(misfit),
    ),
    say('I could not change min_confidence: the edit does not fit the file.'),
    turnEnd,
  ];
};

export const looped: readonly Scene[] = [looksInCircles, editsInCircles];

export const flipFlop: readonly Scene[] = [
  (stage) => {
    const { draw, hands, view, memory } = stage;
    const { setting, from, to } = newChange(stage, ['min_confidence', 'hold_ms']);
    const steps = draw.whole(4, 7);
    const states = Array.from({ length: steps + 1 }, (_, index) => (index % 2 === 0 ? from : to));
    memory.settings[setting] = states[steps]!;
    return [
      person(`Some good parts are turned down. See whether ${setting} is right.`),
      use(hands.settings({ ...memory.settings, [setting]: from })),
      ...states
        .slice(1)
        .flatMap((next, index) => [
          sayAndUse(
            draw.pick([
              `${next} is the better value.`,
              `On second thoughts it should be ${next}.`,
              `I set it to ${next}.`,
            ]),
            hands.change(setting, states[index]!, next),
          ),
          ...(draw.chance(0.5) ? [use(hands.scores(5 + index, view))] : []),
        ]),
      say(`${setting} is ${states[steps]!} now.`),
      turnEnd,
    ];
  },
];

/** What each agent's standing rule forbids or asks for, done without it (profile.ts). */
const breaks: Record<Stage['agent'], (stage: Stage) => Step[]> = {
  operator: ({ hands, view }) => [
    person('Vision is slow, look into it.'),
    use(hands.health('cv', view)),
    sayAndUse('A fresh start may help.', hands.restart('cv')),
    use(hands.state('cv', true)),
    say('I restarted cv, and it is up.'),
    turnEnd,
  ],
  analyst: (stage) => {
    const { hands, memory } = stage;
    const { setting, from, to } = newChange(stage, ['hold_ms', 'retries']);
    memory.settings[setting] = to;
    return [
      person(`${setting} should be ${to}.`),
      use(hands.change(setting, from, to)),
      use(hands.commit(`${setting} to ${to}`)),
      say(`I changed ${setting} to ${to} and committed it.`),
      turnEnd,
    ];
  },
  keeper: ({ hands, view }) => [
    person('Scores come late.'),
    use(hands.health('llm', view)),
    sayAndUse('A fresh start may help.', hands.restart('llm')),
    use(hands.state('llm', true)),
    say('I restarted llm, and it is ready.'),
    turnEnd,
  ],
};

/** Kept early, gone with a compaction, broken late. */
const forgetsStanding: Scene = (stage) => {
  const { draw, hands, view, memory, agent } = stage;
  return [
    person('Are both services well?'),
    use(hands.health('cv', view), hands.health('llm', view)),
    say('Both are well.'),
    turnEnd,
    { kind: 'compaction', trigger: 'auto', summary: summaryOf(memory, memory.rules) },
    pause(draw.between(10, 30)),
    ...breaks[agent](stage),
  ];
};

/** A rule of the session, that a summary leaves out. */
const forgetsStated: Scene = (stage) => {
  const { draw, hands, view, memory } = stage;
  const { from, to } = newChange(stage, ['queue_limit']);
  const rule = 'Never change queue_limit without asking me.';
  const kept = memory.rules.filter((other) => other !== rule);
  memory.rules = kept;
  memory.settings.queue_limit = to;
  return [
    person(`How are the queues? ${rule}`),
    use(hands.health('llm', view)),
    say('llm keeps up; I leave the limit as it is.'),
    turnEnd,
    pause(draw.between(10, 25)),
    { kind: 'compaction', trigger: 'auto', summary: summaryOf(memory, kept) },
    person('Parts wait for their score. Look into it.'),
    use(hands.scores(8, view)),
    sayAndUse('A longer queue takes more of them.', hands.change('queue_limit', from, to)),
    say(`queue_limit went from ${from} to ${to}.`),
    turnEnd,
  ];
};

export const forgotRule: readonly Scene[] = [forgetsStanding, forgetsStated];

/** `window`: tokens that the model's context holds, `base` of them its instructions. It reads until all is full, and again after each compaction. */
export const windowFull =
  ({ window, base, tokens }: ContextNow): Scene =>
  ({ draw, hands, view, memory }) => {
    const reads = (held: number): Step[] => {
      const logs = again(3, () => hands.log(draw.pick(['cv', 'llm'] as const), draw.whole(5, 14), view));
      const shown = logs.reduce((sum, { outcome }) => sum + outcome.text.length / unitsOfToken + 80, 0);
      const unseen = Math.max(0, (window * fullShare - held - shown) / logs.length);
      return logs.map((log) => use({ ...log, outcome: { ...log.outcome, unseen } }));
    };
    const compaction = (): Step => ({
      kind: 'compaction',
      trigger: 'auto',
      summary: summaryOf(memory, memory.rules),
    });
    const rounds = draw.whole(1, 2);
    return [
      person('Go through all logs of this shift and find every slow part.'),
      ...reads(tokens()),
      ...again(rounds, () => [compaction(), ...reads(base + 400)]).flat(),
      say('So far no part took long; I read on.'),
      turnEnd,
    ];
  };

/** Past it a harness has no room for an answer. */
const fullShare = 0.95;
