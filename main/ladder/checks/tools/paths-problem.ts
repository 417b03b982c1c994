import type { ProfilePath, ProfileService } from '../../../../common/profile/index.ts';
import { exchangeEvidence } from '../../http/exchange.ts';
import type { HttpObservation } from '../../http/types.ts';
import { jsonProblem } from '../../read/ask-json.ts';
import { readRows } from '../../read/rows.ts';
import type { Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';

/** Seconds that an answer may have lain in a cache on its way. */
const freshSeconds = 60;
/** Of the tries of a path, so many may fail before it is not well. */
const mostFailed = 2;

interface Trouble {
  path: string;
  says: string;
  next: string;
  seen: HttpObservation[];
}

/**
 * A service may be well by its own word and its paths not: an error inside of a 200, a page to sign in, an answer that is cut,
 * late, or from a cache. Null: every path that the profile describes answers.
 */
export async function pathsProblem(service: ProfileService, context: CheckContext): Promise<Found | null> {
  const troubles: Trouble[] = [];
  for (const path of service.paths) {
    const { seen } = await readRows(context, service, path);
    const found = seen.length > 0 ? troubleOf(path, seen) : null;
    if (found) troubles.push({ path: path.path, seen, ...found });
  }
  const [first] = troubles;
  if (!first) return null;
  const more = troubles.length > 1 ? ` ${troubles.length - 1} more of its paths are not well.` : '';
  return {
    result: 'fail',
    says: `${service.name} is well by its own word, but not ${first.path}: ${first.says}${more}`,
    next: first.next,
    evidence: [
      exchangeEvidence(
        `${service.name}-paths.txt`,
        troubles.flatMap(({ seen }) => seen.slice(-3)),
      ),
    ],
  };
}

function troubleOf(
  path: ProfilePath,
  seen: readonly HttpObservation[],
): Pick<Trouble, 'says' | 'next'> | null {
  const failed = seen.flatMap((each) => problemOf(path, each) ?? []);
  const last = seen.at(-1)!;
  const atLast = problemOf(path, last);
  if (atLast) return atLast;
  if (failed.length >= mostFailed)
    return { ...failed[0]!, says: `${failed.length} of ${seen.length} questions failed. ${failed[0]!.says}` };
  const age = Number(last.answer?.headers.age ?? 0);
  if (!(age >= freshSeconds)) return null;
  return {
    says: `It answers from a cache, with what was ${Math.round(age)} s ago.`,
    next: 'Look at what lies between: ask the service itself, and see what the cache is told to keep.',
  };
}

/** Whether a path is to be JSON is known where the profile describes what is in it. */
function problemOf(path: ProfilePath, observed: HttpObservation): Pick<Trouble, 'says' | 'next'> | null {
  const isDescribed = path.rows !== undefined || path.since !== undefined || path.invariants.length > 0;
  const type = observed.answer?.headers['content-type'] ?? '';
  if (!isDescribed && observed.answer?.status === 200 && !type.includes('json')) return null;
  return jsonProblem(observed);
}
