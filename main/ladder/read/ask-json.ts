import { cutText } from '../../../common/lib/cut-text.ts';
import { answerProblem, type AnswerProblem } from '../checks/tools/answer-problem.ts';
import type { AskHttp, HttpObservation, HttpRequest } from '../http/types.ts';

/** Once is not enough (LADDER): what fails on the way is asked again. */
const tries = 3;
const again = /^(408|429|5\d\d)$/;

export interface JsonAsked {
  seen: HttpObservation[];
  /** Null: `value` is what was answered. */
  problem: AnswerProblem | null;
  value: unknown;
}

/** Asks for JSON; what may pass by itself (no answer, 5xx, 429) up to three times. Every try is in `seen`. */
export async function askJson(http: AskHttp, request: HttpRequest): Promise<JsonAsked> {
  const seen: HttpObservation[] = [];
  for (;;) {
    const observed = await http(request);
    seen.push(observed);
    const problem = jsonProblem(observed);
    // What waited for its whole time is not asked again: it would take that time again.
    const mayPass = observed.answer ? again.test(String(observed.answer.status)) : !isLate(observed);
    const isLast = seen.length === tries || request.signal?.aborted;
    if (problem && mayPass && !isLast) continue;
    return { seen, problem, value: problem ? undefined : parse(observed) };
  }
}

/** It took the connection, and its time ran out. */
export const isLate = ({ failure }: HttpObservation): boolean => failure?.code === 'ETIMEDOUT';

/** What is wrong with an answer that is to be JSON. */
export function jsonProblem(observed: HttpObservation): AnswerProblem | null {
  const problem = answerProblem(observed);
  if (problem) return problem;
  if (observed.answer!.isCut)
    return { says: 'Its answer is too long to be read.', next: 'Give a limit to the path in the profile.' };
  if (parse(observed) !== undefined) return null;
  const type = observed.answer!.headers['content-type'] ?? 'no type';
  return {
    says: `It answers ${observed.answer!.status} with what is no JSON (${cutText(type, 60)}).`,
    next: 'A proxy or a login page may answer in its place: open the address in a browser.',
  };
}

/** Undefined: it is no JSON. */
function parse({ answer }: HttpObservation): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer!.body)) as unknown;
  } catch {
    // Neither UTF-8 nor JSON: the caller tells so.
    return undefined;
  }
}
