import type { HttpAnswer, HttpRequest } from './types.ts';

/** Statuses whose answer has no body, by the Fetch standard. */
const bodiless = [204, 205, 304];

/**
 * The `fetch` that a client library is given: what it sends goes through `ask`, which is bounded in bytes, time and tries,
 * follows nothing and keeps what was answered. Rejects, as `fetch` does, where nothing was answered.
 */
export function boundedFetch(
  ask: (request: Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>) => Promise<HttpAnswer | null>,
): typeof fetch {
  return async (input, init = {}) => {
    const { method = 'GET', headers, body } = init;
    if (!isMethod(method)) throw new TypeError(`${method} is not asked here.`);
    const answer = await ask({
      url: input instanceof Request ? input.url : String(input),
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === 'string' && { body }),
    });
    if (!answer) throw new TypeError('Nothing was answered.');
    return responseOf(answer);
  };
}

const isMethod = (method: string): method is NonNullable<HttpRequest['method']> =>
  method === 'GET' || method === 'HEAD' || method === 'POST';

/** Of the headers only those that a client reads. Throws RangeError for a status that `fetch` does not know. */
function responseOf({ status, headers, body }: HttpAnswer): Response {
  const told = ['content-range', 'content-type', 'preference-applied'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]] as [string, string]],
  );
  return new Response(bodiless.includes(status) ? null : new Uint8Array(body), { status, headers: told });
}
