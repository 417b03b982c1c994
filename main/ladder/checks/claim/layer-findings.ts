/** What a comparison of two layers comes to; null: nothing of that kind speaks against them. */
import type { Found } from '../../check.ts';
import type { LayerRead } from '../../read/layer-parts.ts';
import { delayBetween, type Compared } from './compare-layers.ts';
import type { ToldCompared } from './compare-told.ts';
import {
  allowedText,
  isOver,
  leastParts,
  more,
  named,
  namesOf,
  partsOf,
  seconds,
  shown,
  unknown,
  windowText,
} from './layer-words.ts';

/** Share of parts that came outside of their delay, from which on it is told as a problem. */
const mostOdd = 0.05;

export function lostParts(before: LayerRead, here: LayerRead, compared: Compared): Found | null {
  const { layer } = here;
  const { looked, missing, extra, window } = compared;
  const [first, name] = [before.layer.name, layer.name];
  const pieces = [
    isOver(layer, missing) &&
      `${missing.length} of ${partsOf(looked)} of ${first} ${missing.length === 1 ? 'is' : 'are'} not in ${name}: ${namesOf(missing)}`,
    isOver(layer, extra) &&
      `${partsOf(extra.length)} of ${name} ${extra.length === 1 ? 'was' : 'were'} never in ${first}: ${namesOf(extra)}`,
  ].filter((piece) => piece !== false);
  if (pieces.length === 0) return null;
  if (looked < leastParts && missing.length < leastParts && extra.length < leastParts) return null;
  return {
    result: 'fail',
    says: `${pieces.join('. ')}${windowText(window)}${allowedText(layer)}.`,
    next: `Follow one of them from ${first} to ${name}: look for it in the log of both.`,
  };
}

/** A layer without any row, where the layer before has some that it had time for. */
export function emptyLayer(before: LayerRead, here: LayerRead): Found {
  const { layer } = here;
  const { most } = delayBetween(before, here);
  const due = before.parts.filter(({ at }) => at !== null && at + most <= here.asOf).length;
  if (due < leastParts)
    return unknown({
      says: `${layer.name} has no part yet: ${due} of ${leastParts} parts of ${before.layer.name} that it had time for.`,
      next: 'Let some more parts pass, then run it again.',
    });
  if (layer.source.by === 'table')
    return unknown({
      says: `The list of ${layer.name} is empty, where ${before.layer.name} has ${partsOf(due)}.`,
      next: 'Find out whether rows are hidden from this key, or not written at all.',
      explainedBy: `tools.table ${layer.source.table}`,
    });
  return {
    result: 'fail',
    says: `${layer.name} has no part at all, where ${before.layer.name} has ${partsOf(due)} that it had time for.`,
    next: 'Look whether it was started a moment ago and keeps no history, else for what it waits.',
  };
}

export function toldApart({ layer: { name } }: LayerRead, told: readonly ToldCompared[]): Found | null {
  const apart = told.filter((each) => each.apart.length > 0);
  const units = apart.find(({ factor }) => factor !== null);
  if (units)
    return {
      result: 'warn',
      says: `${name} tells another ${units.what} of all ${units.compared} parts, always by a factor of ${Number(units.factor!.toPrecision(4))}.`,
      next: 'That is another unit, not another part: compare what both say of it on rung 4.',
    };
  if (apart.length === 0) return null;
  const pieces = apart.map(({ what, apart: parts, compared }) => {
    const some = parts
      .slice(0, named)
      .map(({ key, before, here }) => `${key} (${shown(before)}, here ${shown(here)})`);
    return `${parts.length} of ${compared} parts have another ${what}: ${some.join(', ')}${more(parts.length)}`;
  });
  return {
    result: 'fail',
    says: `${name}: ${pieces.join('. ')}.`,
    next: 'Look at one of them by hand, and at which of the layers is right.',
    rulesOut: 'That these layers tell of the same parts the same.',
  };
}

export function oddTimes(before: LayerRead, here: LayerRead, { odd, both }: Compared): Found | null {
  if (odd.length < leastParts || odd.length <= both.length * mostOdd) return null;
  const { least, most } = delayBetween(before, here);
  const took = odd.map((each) => each.took).sort((a, b) => a - b)[Math.floor(odd.length / 2)]!;
  return {
    result: 'warn',
    says: `${odd.length} of ${both.length} parts came to ${here.layer.name} ${seconds(took)} after ${before.layer.name} (median), where ${seconds(Math.max(0, least))} to ${seconds(most)} are told.`,
    next: 'Look at what is slow on rung 3, and whether the clocks of both agree.',
  };
}

export function untold(told: readonly ToldCompared[]): Found | null {
  const [none] = told.filter((each) => each.untold > 0 && each.compared === 0);
  if (!none) return null;
  return unknown({
    says: `${none.what} can't be compared: of ${none.untold} parts one of the layers does not tell it, or as something else.`,
    next: 'Compare the rows with the profile (rung 4).',
  });
}

export function whole(before: LayerRead, here: LayerRead, compared: Compared, told: ToldCompared[]): Found {
  const [first, name] = [before.layer.name, here.layer.name];
  const off = compared.missing.length + compared.extra.length;
  const same = told.filter((each) => each.compared > 0).map(({ what }) => what);
  const agreed = same.length > 0 ? `, with the same ${same.join(', ')}` : '';
  const note =
    off > 0
      ? ` ${off} off, as is allowed (${here.layer.allowed.parts} in ${here.layer.allowed.window} s).`
      : '';
  return {
    result: 'pass',
    says: `${compared.looked - compared.missing.length} of ${partsOf(compared.looked)} of ${first} are in ${name}, none twice${agreed}${windowText(compared.window)}.${note}`,
    rulesOut: `That parts are lost, doubled or told otherwise between ${first} and ${name} in this time.`,
  };
}
