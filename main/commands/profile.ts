import { readFile } from 'node:fs/promises';
import { loadProfile } from '../../common/profile/index.ts';
import { fromSystem } from '../../common/lib/errors.ts';

/** `warroom profile FILE`: lists each mistake of a profile with its line. Answers the exit code: 0 without mistakes, else 1. */
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
