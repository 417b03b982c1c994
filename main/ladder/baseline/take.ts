/** Takes a baseline: reads the live system by its profile while it is well. */
import { sketchFields, type Baseline, type BaselinePlace } from '../../../common/baseline/index.ts';
import { createShaper } from '../../../common/schema/index.ts';
import type { CheckContext } from '../context.ts';
import { askGolden } from '../read/golden.ts';
import { digestOfJson } from '../read/digest.ts';
import { readFingerprint } from '../read/fingerprint.ts';
import { readOpenApi } from '../read/openapi.ts';
import { fieldsOfPlace, placesOf, whenAndWhich, type Place } from '../read/places.ts';

export interface TakeOptions {
  /** Asks the golden questions too, which makes work there. */
  golden: boolean;
}

const mostSaid = 500;

/** What can't be read is told in `missing`; of that there is no baseline. */
export async function takeBaseline(context: CheckContext, { golden }: TakeOptions): Promise<Baseline> {
  const { profile } = context;
  const missing: string[] = [];
  const miss = (says: string) => missing.push(says.slice(0, mostSaid));
  const taken: Baseline = {
    kind: 'baseline',
    format: 1,
    takenAt: Math.round(context.now()),
    profile: { name: profile.name, digest: digestOfJson(profile) },
    places: [],
    openapi: [],
    fingerprints: [],
    golden: [],
    missing,
  };
  for (const place of placesOf(profile)) {
    const { rows, problem } = await place.read(context);
    if (problem !== null) miss(`${place.name}: ${problem}`);
    else if (rows.length === 0) miss(`${place.name}: there are no rows.`);
    else taken.places.push(placeOf(place, rows));
  }
  for (const service of profile.services) {
    const read = await readOpenApi(context, service);
    if (read?.problem) miss(`OpenAPI of ${service.name}: ${read.problem.says}`);
    else if (read)
      taken.openapi.push({ service: service.name, digest: read.digest, document: read.document as never });
  }
  for (const fingerprint of profile.fingerprints) {
    const read = await readFingerprint(context, fingerprint);
    for (const { name, problem } of read) if (problem) miss(`${fingerprint.name}, ${name}: ${problem}`);
    const parts = read.flatMap(({ name, digest }) => (digest === null ? [] : [[name, digest] as const]));
    taken.fingerprints.push({ name: fingerprint.name, parts: Object.fromEntries(parts) });
  }
  if (golden) await takeGolden(context, taken, miss);
  return taken;
}

function placeOf(place: Place, rows: unknown[]): BaselinePlace {
  const shaper = createShaper();
  for (const row of rows) shaper.add(row);
  const shape = shaper.shape();
  return {
    place: place.name,
    rows: rows.length,
    newest: whenAndWhich(place)(rows.at(-1)),
    shape,
    ...sketchFields(rows, shape, fieldsOfPlace(place)),
  };
}

async function takeGolden(context: CheckContext, taken: Baseline, miss: (says: string) => void) {
  for (const golden of context.profile.golden) {
    const asked = await askGolden(context, golden);
    for (const { id, problems } of asked) if (problems[0]) miss(`${golden.name}, ${id}: ${problems[0]}`);
    const answers = asked.flatMap(({ id, answers: [first], took }) =>
      first ? [{ id, values: first as never, latencyMs: median(took) }] : [],
    );
    taken.golden.push({ name: golden.name, answers });
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
