/** Requests that only look at the line. */
import { figuresOf } from '../line-view.ts';
import { person, say, sayAndUse, turnEnd, use, type Scene } from './stage.ts';

export const looksAtHealth: Scene = ({ draw, hands, view, memory }) => {
  const { slowest } = figuresOf(view.newest(20));
  memory.done.push('looked at both services');
  return [
    person(
      draw.pick([
        'How is the line doing?',
        'Are cv and llm both well?',
        'Quick look at the services, please.',
      ]),
    ),
    draw.chance(0.6)
      ? use(hands.health('cv', view), hands.health('llm', view))
      : sayAndUse('I ask both services.', hands.health('cv', view), hands.health('llm', view)),
    say(
      draw.pick([
        `Both answer. ${view.parts} parts passed so far; the slowest of the newest twenty took ${slowest} ms in vision.`,
        `cv and llm are up. Vision needed at most ${slowest} ms for the newest twenty parts, of ${view.parts} in all.`,
      ]),
    ),
    turnEnd,
  ];
};

export const looksAtScores: Scene = ({ draw, hands, view, memory }) => {
  const count = draw.pick([10, 15, 20]);
  const figures = figuresOf(view.newest(count));
  memory.done.push(`read the scores of parts ${figures.first} to ${figures.last}`);
  const table = `| label | parts |\n|---|---|\n| ok | ${figures.good} |\n| scratch | ${figures.scratched} |\n| dent | ${figures.dented} |`;
  return [
    person(
      draw.pick([
        `What do the last ${count} scores look like?`,
        `Show me the newest ${count} parts.`,
        'Anything odd about the latest scores?',
      ]),
    ),
    use(hands.scores(count, view)),
    say(
      draw.chance(0.5)
        ? `Parts ${figures.first} to ${figures.last}, mean score ${figures.mean}:\n\n${table}`
        : `Of ${figures.count} parts ${figures.good} are good, ${figures.scratched} scratched and ${figures.dented} dented. The mean score is ${figures.mean}.`,
      draw.chance(0.4) ? 'The mean is what the shift lead compares with the day before.' : undefined,
    ),
    turnEnd,
  ];
};

export const readsLog: Scene = ({ agent, draw, hands, view, memory }) => {
  const service = draw.pick(['cv', 'llm'] as const);
  const lines = agent === 'operator' ? draw.pick([80, 150, 200]) : draw.pick([8, 12, 16]);
  const { first, last, slowest } = figuresOf(view.newest(lines));
  memory.done.push(`read the log of ${service}`);
  return [
    person(
      draw.pick([
        `Read the log of ${service}.`,
        `Does the ${service} log show anything since the last break?`,
      ]),
    ),
    use(hands.log(service, lines, view)),
    say(
      service === 'cv'
        ? `Parts ${first} to ${last} all went through, the slowest in ${slowest} ms. Nothing stands out.`
        : `Every part from ${first} to ${last} has its score in the log.`,
    ),
    turnEnd,
  ];
};

export const findsNothing: Scene = ({ draw, hands, view, memory }) => {
  const what = draw.pick(['ERROR', 'Traceback', 'OutOfMemory', 'queue full', 'retrying']);
  const service = draw.pick(['cv', 'llm'] as const);
  memory.done.push(`searched the log of ${service} for "${what}"`);
  return [
    person(`Is there any "${what}" in the log of ${service}?`),
    use(hands.search(what, service)),
    ...(draw.chance(0.4) ? [use(hands.health(service, view))] : []),
    say(
      draw.pick([
        `No, "${what}" is nowhere in the log of ${service}.`,
        `None: the log of ${service} has no such line.`,
      ]),
    ),
    turnEnd,
  ];
};

/** What it did is told from before: nothing is done anew. */
export const recaps: Scene = ({ draw, memory }) => [
  person(
    draw.pick([
      'What did you do so far?',
      'Summarise this session for the hand-over.',
      'Which changes did you make?',
    ]),
  ),
  say(
    memory.done.length === 0
      ? 'So far I was asked nothing that left a trace.'
      : `So far I ${memory.done.slice(-6).join(', then ')}.`,
  ),
  turnEnd,
];
