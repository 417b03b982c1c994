import type { Check, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { failingTool } from '../tools/explains.ts';
import { readLayer, type LayerProblem, type LayerRead } from '../../read/layer-parts.ts';
import { compareCount } from './compare-count.ts';
import { compareLayers, doubled } from './compare-layers.ts';
import { compareTold, type ToldCompared } from './compare-told.ts';
import { emptyLayer, lostParts, oddTimes, toldApart, untold, whole } from './layer-findings.ts';
import { isOver, leastParts, nextTwice, partsOf, saysTwice, unknown, windowText } from './layer-words.ts';

/** Whether each part that a layer saw is in the next one too, once, and told as the same. */
export const layersCheck: Check = {
  id: 'claim.layers',
  rung: 1,
  title: 'Every part is in every layer',
  effect: 'none',
  timeoutMs: 60_000,
  subjects: ({ layers }) => layers.map(({ name }) => name),
  async run(subject, context) {
    const index = context.profile.layers.findIndex(({ name }) => name === subject);
    const here = await layerOnce(context, index);
    if ('says' in here) return unknown(here);
    if (index === 0) return firstLayer(here);
    const before = await layerOnce(context, index - 1);
    if ('says' in before) return unknown({ ...before, says: `${subject}: ${before.says}` });
    const evidence = [...before.evidence, ...here.evidence];
    const found = await compareWith(context, index, before, here);
    return { ...(await explained(context, [before, here], found)), evidence };
  },
};

/** Parts that are missing where their writer or reader is not well itself are explained by that. */
async function explained(context: CheckContext, layers: readonly LayerRead[], found: Found): Promise<Found> {
  if (found.result !== 'fail' && found.result !== 'warn') return found;
  const tool = await failingTool(
    context,
    layers.map(({ layer: { source } }) => ({
      service: source.by === 'service' ? source.service : undefined,
      table: source.by === 'table' ? source.table : undefined,
    })),
  );
  return tool === null ? found : { ...found, result: 'unknown', explainedBy: tool };
}

const layerOnce = (context: CheckContext, index: number): Promise<LayerRead | LayerProblem> => {
  const layer = context.profile.layers[index]!;
  return context.once(`layer ${layer.name}`, () => readLayer(context, layer));
};

function firstLayer(here: LayerRead): Found {
  const { layer, parts, evidence, from, asOf, count } = here;
  const twice = doubled(parts);
  if (isOver(layer, twice))
    return { result: 'fail', says: saysTwice(here, twice), next: nextTwice(layer.name), evidence };
  const known = count ?? parts.length;
  if (known === 0)
    return unknown({
      says: `${layer.name} has no part yet.`,
      next: 'Let some parts pass, then run it again.',
    });
  const says = `${layer.name} has ${partsOf(known)}${windowText(from === null ? null : { from, to: asOf })}, none twice.`;
  return { result: 'pass', says, evidence };
}

async function compareWith(
  context: CheckContext,
  index: number,
  before: LayerRead,
  here: LayerRead,
): Promise<Found> {
  const [first, name] = [before.layer.name, here.layer.name];
  if (here.count !== null || before.count !== null) return compareCount(before, here);
  const twice = doubled(here.parts);
  if (isOver(here.layer, twice))
    return { result: 'fail', says: saysTwice(here, twice), next: nextTwice(name) };
  if (here.parts.length === 0 && here.from === null) return emptyLayer(before, here);
  const compared = compareLayers(before, here);
  if (!compared)
    return unknown({
      says: `${name} can't be compared with ${first}: one of them tells no times, and the other no keys.`,
      next: 'Give the time of its rows in the profile.',
    });
  const lost = lostParts(before, here, compared);
  const gaps = before.gaps ?? here.gaps;
  if (lost && gaps !== undefined)
    return unknown({
      says: `${name} can't be held against ${first}: ${gaps} while it was counted.`,
      next: 'Let some more parts pass with the sensor connected, then run it again.',
    });
  if (lost) return lost;
  const told = await toldBefore(context, index, here);
  const apart = toldApart(here, told);
  if (apart) return apart;
  if (compared.looked < leastParts)
    return unknown({
      says: `${name}: ${compared.looked} of ${leastParts} parts that ${first} and ${name} both had time for.`,
      next: 'Let some more parts pass, then run it again.',
    });
  return oddTimes(before, here, compared) ?? untold(told) ?? whole(before, here, compared, told);
}

/** What this layer tells, against the nearest layer before it that tells the same thing. */
async function toldBefore(context: CheckContext, index: number, here: LayerRead): Promise<ToldCompared[]> {
  const results: ToldCompared[] = [];
  for (const told of here.layer.tells) {
    const at = context.profile.layers.findLastIndex(
      ({ tells }, place) => place < index && tells.some(({ what }) => what === told.what),
    );
    const other = at < 0 ? null : await layerOnce(context, at);
    const both = other && !('says' in other) ? compareLayers(other, here)?.both : undefined;
    if (!other || 'says' in other || !both) continue;
    results.push(
      compareTold(
        both,
        other.layer.tells.find(({ what }) => what === told.what)!,
        told,
      ),
    );
  }
  return results;
}
