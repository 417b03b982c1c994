import { channelProblem } from './misfits-channels.ts';
import type { Misfit } from './misfits-names.ts';
import type { ProfileReading } from './parts/reading.ts';
import { readablePaths } from './parts/service.ts';
import { compilePattern } from './pattern.ts';
import type { ProfileShape } from './shape.ts';

/** Claims that read what is not there, or that are shown by the very thing that says them. */
export function claimMisfits(profile: ProfileShape): Misfit[] {
  return profile.claims.flatMap(({ says, shows }, index) => {
    const shown: [ProfileReading, (string | number)[]][] =
      shows.by === 'several'
        ? shows.of.map((each, at) => [each, ['claims', index, 'shows', 'of', at]])
        : [[shows, ['claims', index, 'shows']]];
    const itself = shown.find(([each]) => JSON.stringify(each) === JSON.stringify(says));
    return [
      ...readingMisfits(profile, says, ['claims', index, 'says']),
      ...shown.flatMap(([each, path]) => readingMisfits(profile, each, path)),
      ...(itself ? [{ path: itself[1], message: 'It is shown by the very source that says it.' }] : []),
    ];
  });
}

export function fingerprintMisfits(profile: ProfileShape): Misfit[] {
  return profile.fingerprints.flatMap(({ parts }, index) =>
    Object.entries(parts).flatMap(([name, { read }]) =>
      readingMisfits(profile, read, ['fingerprints', index, 'parts', name, 'read']),
    ),
  );
}

function readingMisfits(profile: ProfileShape, reading: ProfileReading, path: (string | number)[]): Misfit[] {
  const [member, message] = sourceProblem(profile, reading) ?? groupProblem(reading) ?? [null, ''];
  return member === null ? [] : [{ path: [...path, member], message }];
}

type Problem = [member: string, message: string] | null;

function sourceProblem(profile: ProfileShape, reading: ProfileReading): Problem {
  if (reading.by === 'http') {
    const service = profile.services.find(({ name }) => name === reading.service);
    if (!service) return ['service', `There is no service "${reading.service}".`];
    if (readablePaths(service).includes(reading.path)) return null;
    return ['path', `${service.name} has no path ${reading.path}: name it among its paths.`];
  }
  if (reading.by === 'table' && !profile.tables.some(({ name }) => name === reading.table))
    return ['table', `There is no table "${reading.table}".`];
  if (reading.by === 'agent' && !profile.agents.some(({ name }) => name === reading.agent))
    return ['agent', `There is no agent "${reading.agent}".`];
  if (reading.by !== 'channel') return null;
  const problem = channelProblem(profile, reading.channel);
  return problem === null ? null : ['channel', problem];
}

function groupProblem(reading: ProfileReading): Problem {
  if (!('value' in reading) && !('pattern' in reading)) return null;
  const wanted = 'value' in reading ? reading.value : undefined;
  const groups = reading.pattern === undefined ? [] : compilePattern(reading.pattern).groups;
  if (wanted === undefined) {
    if (groups.length < 2 || groups.includes('value')) return null;
    return ['pattern', `Which group is meant is missing: value: ${groups[0]}.`];
  }
  if (groups.includes(wanted)) return null;
  return ['value', `The pattern has no group (?<${wanted}>…).`];
}

/** The group of the pattern that is meant; null where it is all that matched. */
export function valueGroupOf(reading: ProfileReading): string | null {
  const groups =
    'pattern' in reading && reading.pattern !== undefined ? compilePattern(reading.pattern).groups : [];
  const wanted = 'value' in reading ? reading.value : undefined;
  return wanted ?? (groups.includes('value') ? 'value' : (groups[0] ?? null));
}
