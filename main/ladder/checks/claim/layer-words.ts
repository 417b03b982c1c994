/** How parts, times and windows are said in a finding about layers. */
import { timestamp } from '../../../../common/lib/clock.ts';
import { cutText } from '../../../../common/lib/cut-text.ts';
import type { ProfileLayer } from '../../../../common/profile/index.ts';
import type { Found } from '../../check.ts';
import type { LayerPart, LayerProblem, LayerRead } from '../../read/layer-parts.ts';
import { mostWithin } from './compare-layers.ts';

/** Parts that both layers have to have had time for, before anything is said. */
export const leastParts = 5;
/** Names in a sentence. */
export const named = 8;

export const unknown = ({ says, next, explainedBy, evidence }: LayerProblem): Found => ({
  result: 'unknown',
  says,
  next,
  ...(explainedBy !== undefined && { explainedBy }),
  ...(evidence !== undefined && { evidence }),
});

export const isOver = ({ allowed }: ProfileLayer, parts: readonly LayerPart[]) =>
  mostWithin(parts, allowed.window) > allowed.parts;

export const saysTwice = ({ layer, parts }: LayerRead, twice: LayerPart[]) =>
  `${partsOf(twice.length)} of ${parts.length} rows of ${layer.name} ${twice.length === 1 ? 'is' : 'are'} there twice: ${namesOf(twice)}${allowedText(layer)}.`;
export const nextTwice = (name: string) =>
  `Look at what writes to ${name}: what is tried again without a key that is unique is written twice.`;

export const partsOf = (count: number) => `${count} part${count === 1 ? '' : 's'}`;
export const more = (count: number) => (count > named ? ` and ${count - named} more` : '');
export const seconds = (micros: number) => `${(micros / 1e6).toFixed(1)} s`;
export const shown = (value: unknown) =>
  cutText(typeof value === 'string' ? value : JSON.stringify(value), 40);

/** Parts by their keys; those that are only counted by their times. */
export function namesOf(parts: readonly LayerPart[]): string {
  const names = parts.slice(0, named).map(({ key, at }) => cutText(key ?? timestamp(at!).slice(11, 22), 60));
  return names.join(', ') + more(parts.length);
}

export const allowedText = ({ allowed }: ProfileLayer) =>
  allowed.parts > 0 ? ` (${allowed.parts} in ${allowed.window} s are allowed)` : '';

export function windowText(window: { from: number; to: number } | null): string {
  if (!window || window.to <= window.from) return '';
  return ` from ${timestamp(window.from).slice(0, 19)} to ${timestamp(window.to).slice(11, 19)} UTC`;
}
