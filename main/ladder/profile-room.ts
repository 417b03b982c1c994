import { text as textOf } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { loadProfile, type Profile } from '../../common/profile/index.ts';

/** Mistakes that are told before the rest is counted. */
const shownMistakes = 5;

/** Reads a profile's text. Throws `bad-input` with its mistakes and their lines. */
export function profileFrom(yaml: string): Profile {
  const { profile, mistakes } = loadProfile(yaml);
  if (profile) return profile;
  const told = mistakes
    .slice(0, shownMistakes)
    .map(({ line, path, message }) => `line ${line}: ${[path, message].filter(Boolean).join(' ')}`);
  const more = mistakes.length - told.length;
  throw new WarroomError(
    'bad-input',
    `The profile has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}. ${told.join(' · ')}${more > 0 ? ` · and ${more} more` : ''}`,
    'Mend these lines, then use it again.',
    { mistakes },
  );
}

/** The profiles of this host's incidents, by the digest of their text; each is read once. */
export function createProfiles(read: (sha256: string) => Readable) {
  const known = new Map<string, Promise<Profile>>();
  return (sha256: string): Promise<Profile> => {
    const loading = known.get(sha256) ?? load(sha256);
    known.set(sha256, loading);
    loading.catch(() => known.delete(sha256));
    return loading;
  };

  async function load(sha256: string): Promise<Profile> {
    try {
      return profileFrom(await textOf(read(sha256)));
    } catch (error) {
      if (error instanceof WarroomError) throw error;
      throw new WarroomError(
        'damaged',
        `The incident's profile can't be read: ${messageOf(error)}`,
        'Use the profile again.',
      );
    }
  }
}
