/** Tools that fail, and an agent that deals with it. */
import { figuresOf } from '../line-view.ts';
import { person, say, sayAndUse, turnEnd, use, type Scene } from './stage.ts';

export const triesAgain: Scene = ({ draw, hands, view, memory }) => {
  const count = draw.pick([10, 20]);
  const { good, first, last } = figuresOf(view.newest(count));
  const scores = hands.scores(count, view);
  memory.done.push(`counted the good parts from ${first} to ${last}`);
  return [
    person(`How many of the last ${count} parts are good?`),
    use(hands.broken(scores, 'time-out')),
    draw.chance(0.5) ? sayAndUse('That timed out; once more.', scores) : use(scores),
    say(
      draw.pick([
        `The first request timed out, the second brought it: ${good} of ${count} are good.`,
        `${good} of ${count}, parts ${first} to ${last}. The table took two attempts: the first timed out.`,
      ]),
    ),
    turnEnd,
  ];
};

export const tellsOfFailure: Scene = ({ draw, hands, view, memory }) => {
  const trouble = draw.pick(['permission', 'server-error', 'error-inside'] as const);
  const asked = trouble === 'permission' ? hands.log('llm', 12, view) : hands.scores(10, view);
  const told = {
    permission:
      'I could not read the log of llm: permission denied. Somebody with the right to it has to look.',
    'server-error':
      'The scores did not come: the service answered with an error of its own (5xx). I have nothing to go by yet.',
    'error-inside': 'The answer holds an error instead of scores, so I can say nothing about these parts.',
  };
  memory.done.push('reported that a tool failed');
  return [
    person(trouble === 'permission' ? 'Read the log of llm.' : 'How are the last ten parts?'),
    use(hands.broken(asked, trouble)),
    say(told[trouble]),
    turnEnd,
  ];
};

/** One way is closed, another is open. */
export const goesAround: Scene = ({ draw, hands, view, memory }) => {
  const { count, mean } = figuresOf(view.newest(10));
  memory.done.push('read the scores from the log, as the table gave no answer');
  return [
    person('What is the mean score right now?'),
    use(hands.broken(hands.scores(10, view), draw.pick(['time-out', 'server-error'] as const))),
    sayAndUse(
      'The table does not answer. The log of llm has the scores as well.',
      hands.log('llm', 10, view),
    ),
    say(`From the log, as the table failed: the mean of the newest ${count} is ${mean}.`),
    turnEnd,
  ];
};

export const tellsOfFullDisk: Scene = ({ hands, view, memory }) => {
  const { first, last, mean } = figuresOf(view.newest(20));
  const path = `/opt/qc/reports/parts-${last}.md`;
  memory.done.push('could not save a report');
  return [
    person('Save a report of the newest parts.'),
    use(hands.scores(20, view)),
    use(hands.broken(hands.write(path, `# Parts ${first} to ${last}\n\nmean score: ${mean}\n`), 'disk-full')),
    say(
      `The report is not saved: no space is left on the disk. Parts ${first} to ${last} have a mean score of ${mean}.`,
    ),
    turnEnd,
  ];
};

export const misfitsAndReads: Scene = ({ draw, hands, memory }) => {
  const { hold_ms: now } = memory.settings;
  const to = draw.pick(['210', '230', '260', '290', '310'].filter((value) => value !== now));
  memory.settings.hold_ms = to;
  memory.done.push(`changed hold_ms to ${to}`);
  return [
    person(`hold_ms should be ${to}.`),
    use(hands.misfit('hold_ms', `${now}.0`, to)),
    use(hands.settings({ ...memory.settings, hold_ms: now })),
    use(hands.change('hold_ms', now, to)),
    say(`hold_ms is ${to}; my first edit did not fit, as the file has ${now} without a decimal point.`),
    turnEnd,
  ];
};
