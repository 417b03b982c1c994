import { messageOf, WarroomError } from '../../../common/lib/errors.ts';

/** What stands for the zip's own directory where a failure names a file. */
export const zipDirectory = 'zip directory';

/** Ends the verification: `why`, and which file of the bundle it is about. */
export function fail(file: string, why: string): never {
  throw new WarroomError('damaged', why, '', { file });
}

/** Runs `work`; whatever it throws becomes a failure of `file`, unless it names a file already. */
export function about<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof WarroomError && typeof error.data.file === 'string') throw error;
    return fail(file, messageOf(error));
  }
}
