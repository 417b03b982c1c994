import { channelProblem } from './misfits-channels.ts';
import type { Misfit } from './misfits-names.ts';
import type { ProfileLayer } from './parts/layer.ts';
import { readablePaths } from './parts/service.ts';
import type { ProfileShape } from './shape.ts';

/** Layers whose source is not there, whose rows are known by nothing, or that are not placed in the chain. */
export function layerMisfits(profile: ProfileShape): Misfit[] {
  return profile.layers.flatMap((layer, index) => [
    ...sourceMisfits(profile, layer).map(({ path, message }) => ({
      path: ['layers', index, ...path],
      message,
    })),
    ...delayMisfits(layer, index),
    ...toldAlone(profile.layers, layer, index),
  ]);
}

function sourceMisfits(profile: ProfileShape, { source, key, count }: ProfileLayer): Misfit[] {
  const mistake = (member: string, message: string): Misfit[] => [{ path: ['source', member], message }];
  if (source.by === 'channel') {
    const problem = channelProblem(profile, source.channel);
    if (problem !== null) return mistake('channel', problem);
    return key === undefined && count === undefined
      ? []
      : [{ path: [key === undefined ? 'count' : 'key'], message: 'A channel has neither key nor count.' }];
  }
  if (source.by === 'table') {
    if (profile.tables.some(({ name }) => name === source.table)) return [];
    return mistake('table', `There is no table "${source.table}".`);
  }
  const service = profile.services.find(({ name }) => name === source.service);
  if (!service) return mistake('service', `There is no service "${source.service}".`);
  if (!readablePaths(service).includes(source.path))
    return mistake('path', `${service.name} has no path ${source.path}: name it among its paths.`);
  const hasKey = key ?? count ?? service.paths.find(({ path }) => path === source.path)?.key;
  if (hasKey !== undefined) return [];
  return mistake('path', `What a row of ${source.path} is known by is missing: give a key, or a count.`);
}

function delayMisfits({ delay }: ProfileLayer, index: number): Misfit[] {
  if (index === 0 && delay)
    return [{ path: ['layers', 0, 'delay'], message: 'The first layer has no delay.' }];
  if (index > 0 && !delay)
    return [
      {
        path: ['layers', index, 'delay'],
        message: 'How long after the first layer is missing: delay: { least: 0.2, most: 2 }, in seconds.',
      },
    ];
  return [];
}

/** What only one layer tells has nothing that it could disagree with: most often a name is misspelt. */
function toldAlone(layers: ProfileLayer[], layer: ProfileLayer, index: number): Misfit[] {
  return layer.tells.flatMap(({ what }, at) =>
    layers.some((other) => other !== layer && other.tells.some((told) => told.what === what))
      ? []
      : [{ path: ['layers', index, 'tells', at, 'what'], message: `No other layer tells ${what}.` }],
  );
}
