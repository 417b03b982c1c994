import { readFile } from 'node:fs/promises';
import { loadProfile } from '../../common/profile/index.ts';
import { fromSystem } from '../../common/lib/errors.ts';
import { profileJsonSchema } from '../../common/profile/json-schema.ts';
import { createDevices } from '../devices/index.ts';
import { forkChild } from '../platform/node/children.ts';
import { anchorNow, createClock } from '../platform/node/clock.ts';
import { log, print } from '../platform/say.ts';
import { newProfile, type NewProfileOptions } from './profile-new/index.ts';

/** `warroom profile check FILE`: lists each mistake of a profile with its line. Answers the exit code: 0 without mistakes, else 1. */
export async function checkProfile(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fromSystem(error, `Reading ${path}`);
  });
  const { profile, mistakes } = loadProfile(text);
  for (const { line, path: where, message } of mistakes)
    process.stdout.write(`${path}:${line}: ${where ? `${where}: ` : ''}${message}\n`);
  if (profile)
    process.stdout.write(
      `${profile.name}: ${profile.devices.length} devices, ${profile.services.length} services\n`,
    );
  return mistakes.length === 0 ? 0 : 1;
}

/** `warroom profile schema`: the JSON Schema by which editors complete a profile. */
export function printSchema(): void {
  print(JSON.stringify(profileJsonSchema(), null, 2));
}

/** The options of `profile new` as the command line gives them. */
export interface ProfileNewOptions {
  name: string;
  url: string[];
  openapi: string;
  port: string[];
  table: string[];
  key: string;
  timeout: number;
}

/** `warroom profile new`: drafts the profile of a running system, on standard output. */
export async function printNewProfile({ name, ...options }: ProfileNewOptions): Promise<void> {
  const anchor = anchorNow();
  const platform = { anchor, clock: createClock(anchor), fork: forkChild };
  const devices = createDevices({ platform, log });
  try {
    const wanted: NewProfileOptions = {
      name,
      urls: options.url,
      openapi: options.openapi,
      ports: options.port,
      tables: options.table,
      keyName: options.key,
      timeoutMs: options.timeout,
    };
    process.stdout.write(await newProfile(wanted, { ports: devices, environment: process.env }));
  } finally {
    await devices.close();
  }
}
