import type { Found } from '../../check.ts';
import type { LayerRead } from '../../read/layer-parts.ts';
import { delayBetween } from './compare-layers.ts';

/**
 * A layer that gives only a number, against the one before: both have to go back to the first part. How many are on their way
 * is told by the delay.
 */
export function compareCount(before: LayerRead, here: LayerRead): Found {
  const [first, name] = [before.layer.name, here.layer.name];
  const isWhole = before.fromFirst && here.fromFirst;
  if (!isWhole || (before.count === null && before.from === null))
    return {
      result: 'unknown',
      says: `${name} can't be held against ${first}: one of them gives only a number, and the other does not go back to the first part.`,
      next: 'Give a path with keys in the profile, or one that keeps its history.',
    };
  const [least, most] = dueNow(before, here);
  const told = here.count ?? here.parts.length;
  const off = told < least ? least - told : told > most ? told - most : 0;
  const due = least === most ? `${least}` : `${least} to ${most}`;
  if (off <= here.layer.allowed.parts)
    return {
      result: 'pass',
      says: `${name} has ${told} parts, where ${due} of ${first} had time to come.`,
      rulesOut: `That parts are lost or doubled between ${first} and ${name}.`,
    };
  // A number alone does not tell whether it began anew in between.
  return {
    result: 'warn',
    says: `${name} has ${told} parts, where ${due} of ${first} had time to come: ${off} ${told < least ? 'are missing' : 'too many'}.`,
    next: `Look whether one of them was started anew in between, else follow single parts to ${name}.`,
  };
}

function dueNow(before: LayerRead, here: LayerRead): [least: number, most: number] {
  if (before.count !== null) return [before.count, before.count];
  const { least, most } = delayBetween(before, here);
  const keys = (until: number) =>
    new Set(before.parts.flatMap(({ key, at }) => (at! <= until ? [key] : []))).size;
  return [keys(here.asOf - most), Math.max(keys(here.asOf - least), keys(here.asOf - most))];
}
