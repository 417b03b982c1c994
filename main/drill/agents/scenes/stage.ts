/** What a scene is played on, and the words of its steps. */
import type { Draw } from '../draw.ts';
import type { Hands, Setting, Settings } from '../hands/hands.ts';
import type { LineView } from '../line-view.ts';
import type { AgentName, Step, Use } from '../types.ts';

/** What an agent and its person know of the session so far. */
export interface Memory {
  settings: Settings;
  /** What was done, in the words of a report. */
  done: string[];
  /** What the person said that always holds. */
  rules: string[];
  /** Changes that were tried and taken back: nobody tries them twice. */
  tried: Set<string>;
}

export interface Stage {
  agent: AgentName;
  draw: Draw;
  hands: Hands;
  view: LineView;
  memory: Memory;
}

/** What one request of the person brings about, with the pauses in it. */
export type Scene = (stage: Stage) => Step[];

export const person = (text: string): Step => ({ kind: 'person', text });
export const say = (text: string, thinking?: string): Step => ({
  kind: 'reply',
  text,
  uses: [],
  ...(thinking !== undefined && { thinking }),
});
export const use = (...uses: Use[]): Step => ({ kind: 'reply', uses });
/** Says what it is about to do, and does it. */
export const sayAndUse = (text: string, ...uses: Use[]): Step => ({ kind: 'reply', text, uses });
export const pause = (seconds: number): Step => ({ kind: 'pause', seconds });
export const turnEnd: Step = { kind: 'turn-end' };

export const newMemory = (): Memory => ({
  settings: { min_confidence: '0.55', hold_ms: '250', retries: '3', queue_limit: '64' },
  done: [],
  rules: [],
  tried: new Set(),
});

const values: Record<Setting, readonly string[]> = {
  min_confidence: ['0.45', '0.48', '0.50', '0.52', '0.55', '0.58', '0.60', '0.62', '0.65'],
  hold_ms: ['180', '200', '220', '250', '280', '300', '320', '350'],
  retries: ['2', '3', '4', '5', '6'],
  queue_limit: ['32', '48', '64', '80', '96', '128'],
};

export interface Change {
  setting: Setting;
  from: string;
  to: string;
}

/** A change of a setting that was not tried before. */
export function newChange({ draw, memory }: Stage, of: readonly Setting[]): Change {
  const all = of.flatMap((setting) => {
    const from = memory.settings[setting];
    return values[setting]
      .filter((to) => to !== from && !memory.tried.has(`${setting} ${[from, to].sort().join(' ')}`))
      .map((to): Change => ({ setting, from, to }));
  });
  const { setting, from, to } = all.length > 0 ? draw.pick(all) : fallback(of[0]!, memory);
  memory.tried.add(`${setting} ${[from, to].sort().join(' ')}`);
  return { setting, from, to };
}

/** All were tried: a value that nobody had yet. */
function fallback(setting: Setting, memory: Memory): Change {
  const from = memory.settings[setting];
  return { setting, from, to: String(Number(from) + memory.tried.size + 1) };
}
