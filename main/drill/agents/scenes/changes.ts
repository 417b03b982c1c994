/** Requests that change something, and do it well. */
import { figuresOf } from '../line-view.ts';
import { testNames, type Setting } from '../hands/hands.ts';
import { newChange, pause, person, say, sayAndUse, turnEnd, use, type Scene } from './stage.ts';

const tuned: readonly Setting[] = ['min_confidence', 'hold_ms', 'retries'];

export const changesSetting: Scene = (stage) => {
  const { draw, hands, memory } = stage;
  const { setting, from, to } = newChange(stage, [...tuned, 'queue_limit']);
  const passed = draw.whole(11, 38);
  memory.settings[setting] = to;
  memory.done.push(`changed ${setting} from ${from} to ${to}`);
  return [
    person(draw.pick([`Set ${setting} to ${to}.`, `Please change ${setting} to ${to} and run the tests.`])),
    use(hands.settings({ ...memory.settings, [setting]: from })),
    sayAndUse(`It stands at ${from}.`, hands.change(setting, from, to)),
    use(hands.tests({ passed, failed: [] })),
    say(
      draw.pick([
        `${setting} is ${to} now, it was ${from}. All ${passed} tests pass.`,
        `I changed ${setting} from ${from} to ${to}; the tests pass.`,
        `Done: ${setting} went from ${from} to ${to}, ${passed} tests passed.`,
      ]),
    ),
    turnEnd,
  ];
};

export const mendsTests: Scene = (stage) => {
  const { draw, hands, memory } = stage;
  const { setting, from, to } = newChange(stage, tuned);
  const passed = draw.whole(11, 38);
  const failed = [draw.pick(testNames)];
  memory.settings[setting] = to;
  memory.done.push(`changed ${setting} to ${to} and committed it`);
  const again = newChange(
    { ...stage, memory: { ...memory } },
    tuned.filter((other) => other !== setting),
  );
  memory.settings[again.setting] = again.to;
  return [
    person(`Change ${setting} to ${to}, then commit it.`),
    use(hands.change(setting, from, to)),
    use(hands.tests({ passed, failed })),
    sayAndUse(
      `One test fails: it expects ${again.setting} to go with it. I adapt that too.`,
      hands.change(again.setting, again.from, again.to),
    ),
    use(hands.tests({ passed: passed + 1, failed: [] })),
    use(hands.commit(`${setting} to ${to}`)),
    say(
      `${setting} is ${to} and ${again.setting} ${again.to}. One test failed at first; now all ${passed + 1} pass, and it is committed.`,
    ),
    turnEnd,
  ];
};

/** Tries a change, measures, and takes it back: it says so. */
export const takesBack: Scene = (stage) => {
  const { draw, hands, view, memory } = stage;
  const { setting, from, to } = newChange(stage, tuned);
  const { mean } = figuresOf(view.newest(20));
  memory.done.push(`tried ${setting} ${to} and went back to ${from}`);
  return [
    person(`Try ${setting} at ${to} and see what it does to the scores.`),
    use(hands.change(setting, from, to)),
    pause(draw.between(8, 25)),
    use(hands.scores(20, view)),
    sayAndUse(
      `The mean score is ${mean}, which is no better. I put ${setting} back to ${from}.`,
      hands.change(setting, to, from),
    ),
    say(`${to} brought nothing: the mean stays at ${mean}. I reverted ${setting} to ${from}.`),
    turnEnd,
  ];
};

export const restartsAndWaits: Scene = ({ draw, hands, view, memory }) => {
  const service = draw.pick(['cv', 'llm'] as const);
  memory.done.push(`restarted ${service}`);
  return [
    person(
      draw.pick([
        `The scale is empty: restart ${service} and tell me when it is up.`,
        `Please restart ${service} now and wait until it answers.`,
      ]),
    ),
    use(hands.restart(service)),
    ...Array.from({ length: draw.whole(0, 3) }, () => use(hands.state(service, false))),
    use(hands.state(service, true)),
    use(hands.health(service, view)),
    say(draw.pick([`I restarted ${service}; it is up again.`, `${service} has been restarted and answers.`])),
    turnEnd,
  ];
};

/** Asks before it does what it may not do by itself. */
export const asksFirst: Scene = ({ draw, hands, view, memory }) => {
  memory.done.push('restarted llm after you agreed');
  return [
    person('Scores come late since the break.'),
    use(hands.scores(10, view)),
    say('The newest scores are a little late. May I restart llm?'),
    turnEnd,
    pause(draw.between(6, 25)),
    person(draw.pick(['Yes, go ahead.', 'ok, do it', 'Yes please.'])),
    use(hands.restart('llm')),
    use(hands.state('llm', true)),
    say('I restarted llm, and it is ready.'),
    turnEnd,
  ];
};

export const writesReport: Scene = ({ draw, hands, view, memory }) => {
  const figures = figuresOf(view.newest(20));
  const path = `/opt/qc/reports/parts-${figures.last}.md`;
  const content = `# Parts ${figures.first} to ${figures.last}\n\n- good: ${figures.good}\n- scratched: ${figures.scratched}\n- dented: ${figures.dented}\n- mean score: ${figures.mean}\n`;
  memory.done.push(`wrote ${path}`);
  const tells = draw.chance(0.5);
  return [
    person(
      tells
        ? 'Write a report of the newest parts and tell the shift lead.'
        : 'Write a short report of the newest parts.',
    ),
    use(hands.scores(20, view)),
    use(hands.write(path, content)),
    ...(tells ? [use(hands.notify(`Report of parts ${figures.first} to ${figures.last}: ${path}`))] : []),
    say(
      tells
        ? `The report is at ${path}, and I sent a note to the shift lead.`
        : `I wrote ${path}: ${figures.good} good of ${figures.count}, mean score ${figures.mean}.`,
    ),
    turnEnd,
  ];
};
