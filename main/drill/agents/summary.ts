import type { Memory } from './scenes/stage.ts';

/** What a harness leaves in place of the conversation. `rules`: those that it keeps. */
export function summaryOf(memory: Memory, rules: readonly string[]): string {
  const done = memory.done.slice(-8).map((what) => `- ${what}`);
  const settings = Object.entries(memory.settings).map(([name, value]) => `${name} ${value}`);
  return [
    'Summary:',
    '1. Primary request: look after the scoring line in this shift, as asked from time to time.',
    ...(rules.length > 0
      ? ['2. Rules of the user, word for word:', ...rules.map((rule) => `- "${rule}"`)]
      : []),
    '3. What was done:',
    ...(done.length > 0 ? done : ['- nothing yet']),
    `4. Current state: ${settings.join(', ')}.`,
    '5. Next step: wait for the next request.',
  ].join('\n');
}
