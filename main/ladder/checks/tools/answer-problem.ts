import type { HttpAnswer, HttpObservation } from '../../http/types.ts';

/** What is wrong with an answer, and what to do. */
export interface AnswerProblem {
  says: string;
  next: string;
}

const steps: Record<string, AnswerProblem> = {
  url: { says: 'Its address is none.', next: 'Mend the address in the profile.' },
  dns: {
    says: 'Its name is not known here.',
    next: 'Check the name, and which name server this machine asks.',
  },
  tcp: { says: 'Nobody takes the connection.', next: 'Check that it runs, and its port and firewall.' },
  tls: {
    says: 'TLS is not agreed on.',
    next: 'Look at its certificate: who signed it, for which name, until when.',
  },
  answer: {
    says: 'It takes the connection and does not answer.',
    next: 'Look at what it waits for, and at its workers.',
  },
  body: { says: 'It begins to answer and does not end.', next: 'Look at its log for that request.' },
};

/** What speaks against an answer: no answer, its status, or an error inside of what says that all is well. */
export function answerProblem({ answer, failure }: HttpObservation): AnswerProblem | null {
  if (failure) {
    const { says, next } = steps[failure.phase]!;
    return { says: `${says} (${failure.code})`, next };
  }
  return answer && (statusProblem(answer) ?? insideProblem(answer));
}

function statusProblem({ status, headers }: HttpAnswer): AnswerProblem | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403)
    return {
      says: `It answers ${status}: it wants to know who asks.`,
      next: 'Check the key that it is asked with.',
    };
  if (status >= 300 && status < 400)
    return {
      says: `It answers ${status} and sends elsewhere (${headers.location ?? 'nowhere'}).`,
      next: 'Give the final address in the profile, or look for a login in front of it.',
    };
  return { says: `It answers ${status}.`, next: 'Look at its log for that request.' };
}

const errorWords = /^(error|fail(ed|ure|ing)?|down|unhealthy|degraded|critical|not[ _-]?ok)$/i;

/** A 2xx whose content says that something is wrong, or is not what its type says. */
function insideProblem(answer: HttpAnswer): AnswerProblem | null {
  const type = (answer.headers['content-type'] ?? '').toLowerCase();
  if (!type.includes('json')) return null;
  const value = parse(answer);
  if (value === undefined)
    return {
      says: `It answers ${answer.status} as JSON, and what comes is none.`,
      next: 'A proxy or a login page may answer in its place: open the address in a browser.',
    };
  const told = errorInside(value);
  return told === null
    ? null
    : {
        says: `It answers ${answer.status}, and the answer says ${told}.`,
        next: 'Look at its log: it knows of an error that its status does not tell.',
      };
}

function parse({ body, isCut }: HttpAnswer): unknown {
  // What is cut is no whole JSON, which is our doing.
  if (isCut) return null;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    // Neither UTF-8 nor JSON: that is the finding.
    return undefined;
  }
}

/** Words for an error that an object admits to at its top: a non-empty `error`, `ok: false`, a status that is none of well. */
export function errorInside(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const members = Object.entries(value).map(([name, member]) => [name.toLowerCase(), member] as const);
  for (const [name, member] of members) {
    if ((name === 'error' || name === 'errors') && isSomething(member)) return `${name}: ${short(member)}`;
    if ((name === 'ok' || name === 'success' || name === 'healthy') && member === false)
      return `${name}: false`;
    if ((name === 'status' || name === 'state') && typeof member === 'string' && errorWords.test(member))
      return `${name}: ${short(member)}`;
  }
  return null;
}

const isSomething = (value: unknown) =>
  value !== null &&
  value !== undefined &&
  value !== '' &&
  value !== false &&
  value !== 0 &&
  !(typeof value === 'object' && Object.keys(value).length === 0);

const short = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};
