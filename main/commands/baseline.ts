import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  diffBaselines,
  mostBaselineBytes,
  readBaseline,
  writeBaseline,
  type Baseline,
} from '../../common/baseline/index.ts';
import { timestamp } from '../../common/lib/clock.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import { createAskHttp, createSecretReader, profileFrom } from '../ladder/index.ts';
import { takeBaseline } from '../ladder/baseline/take.ts';
import { createNodePlatform } from '../platform/node/index.ts';
import { print } from '../platform/say.ts';

/** The options of `baseline take` as the command line gives them. */
export interface TakeBaselineOptions {
  out: string;
  data: string;
  /** False: the golden questions are not asked. */
  golden: boolean;
}

/**
 * `warroom baseline take`: reads the live system by its profile while it is well, and keeps what it looks like in a file. It is
 * not signed and in no incident.
 */
export async function takeBaselineFile(path: string, options: TakeBaselineOptions): Promise<void> {
  const from = process.env.INIT_CWD ?? process.cwd();
  const [file, out] = [resolve(from, path), resolve(from, options.out)];
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fromSystem(error, `Reading ${file}`);
  });
  const profile = profileFrom(text);
  const platform = createNodePlatform({ dataDir: options.data });
  const now = () => platform.clock.now();
  const stop = new AbortController();
  const callOff = () => stop.abort();
  process.once('SIGINT', callOff);
  const made = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, make: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const known = (made.get(key) as Promise<T> | undefined) ?? make(stop.signal);
    made.set(key, known);
    return known;
  };
  try {
    const taken = await takeBaseline(
      {
        ...{ profile, now, once },
        signal: stop.signal,
        http: createAskHttp(now),
        devices: () => [],
        faults: () => [],
        samples: () => null,
        baseline: () => null,
        secret: createSecretReader(platform.secrets, process.env),
      },
      { golden: options.golden },
    );
    if (stop.signal.aborted) throw new WarroomError('cancelled', 'The baseline was called off.');
    await writeFile(out, writeBaseline(taken)).catch((error: unknown) => {
      throw fromSystem(error, `Writing ${out}`);
    });
    print(linesOf(taken).join('\n'));
  } finally {
    process.removeListener('SIGINT', callOff);
  }
}

/** `warroom baseline show`. */
export async function showBaseline(path: string): Promise<void> {
  print(linesOf(await loadBaseline(path)).join('\n'));
}

/** `warroom baseline diff`: answers the exit code, 0 where nothing changed, else 1. */
export async function diffBaselineFiles(before: string, after: string): Promise<number> {
  const changes = diffBaselines(await loadBaseline(before), await loadBaseline(after));
  if (changes.length === 0) print('Nothing changed but by chance.');
  for (const { of, where, says } of changes) print(`${of}: ${where}: ${says}`);
  return changes.length === 0 ? 0 : 1;
}

/** Reads a baseline from a file, which may hold anything. Throws `bad-input`, `not-found` or `denied`. */
export async function loadBaseline(named: string): Promise<Baseline> {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), named);
  try {
    const { size } = await stat(path);
    if (size > mostBaselineBytes)
      throw new WarroomError('bad-input', `${path} is larger than a baseline may be (${mostBaselineBytes}).`);
    return readBaseline(await readFile(path, 'utf8'));
  } catch (error) {
    throw fromSystem(error, `Reading ${path}`);
  }
}

function linesOf({ takenAt, profile, places, openapi, fingerprints, golden, missing }: Baseline): string[] {
  const count = (many: readonly unknown[], what: string) => `${many.length} ${what}`;
  return [
    `${profile.name}, taken ${timestamp(takenAt)}, profile ${profile.digest}. Not signed.`,
    ...places.map(
      ({ place, rows, shape, fields }) =>
        `${place}: ${rows} rows, ${count(shape.paths, 'paths')}, values of ${fields.map(({ field }) => field).join(', ') || 'no field'}`,
    ),
    ...openapi.map(({ service, digest }) => `OpenAPI of ${service}: ${digest}`),
    ...fingerprints.map(({ name, parts }) => `${name}: ${Object.keys(parts).join(', ') || 'no part'}`),
    ...golden.map(({ name, answers }) => `${name}: ${count(answers, 'known answers')}`),
    ...missing.map((says) => `missing: ${says}`),
  ];
}
