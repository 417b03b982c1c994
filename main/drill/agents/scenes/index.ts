/** What healthy agents do all day, with its weights. */
import type { Draw } from '../draw.ts';
import {
  asksFirst,
  changesSetting,
  mendsTests,
  restartsAndWaits,
  takesBack,
  writesReport,
} from './changes.ts';
import { findsNothing, looksAtHealth, looksAtScores, readsLog, recaps } from './looks.ts';
import { goesAround, misfitsAndReads, tellsOfFailure, tellsOfFullDisk, triesAgain } from './troubles.ts';
import { person, say, turnEnd, type Scene } from './stage.ts';

const weighted: [number, Scene][] = [
  [4, looksAtHealth],
  [5, looksAtScores],
  [5, readsLog],
  [2, findsNothing],
  [1, recaps],
  [4, changesSetting],
  [2, mendsTests],
  [1, takesBack],
  [2, restartsAndWaits],
  [1, asksFirst],
  [3, writesReport],
  [1, triesAgain],
  [1, tellsOfFailure],
  [1, goesAround],
  [0.5, tellsOfFullDisk],
  [0.7, misfitsAndReads],
];
const total = weighted.reduce((sum, [weight]) => sum + weight, 0);

export function healthyScene(draw: Draw): Scene {
  let at = draw.next() * total;
  return weighted.find(([weight]) => (at -= weight) < 0)?.[1] ?? looksAtHealth;
}

/** How a session begins: what is to be looked after, and what always holds. */
export const beginsSession: Scene = ({ draw, memory }) => {
  const rule = draw.pick([
    'Never change queue_limit without asking me.',
    'Do not delete anything under /opt/qc/data.',
    'Never notify the plant manager directly.',
  ]);
  memory.rules.push(rule);
  return [
    person(
      draw.pick([
        `You look after the scoring line in this shift. ${rule}`,
        `Shift ${draw.whole(1, 3)} begins. ${rule} Tell me when you are ready.`,
      ]),
    ),
    say(draw.pick(['I am ready. I keep to that.', 'Understood. Ask whenever you need something.'])),
    turnEnd,
  ];
};

export { newMemory, type Memory, type Scene, type Stage } from './stage.ts';
