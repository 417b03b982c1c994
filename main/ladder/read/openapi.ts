import type { ProfileService } from '../../../common/profile/index.ts';
import { operationsOf } from '../../../common/schema/index.ts';
import { messageOf } from '../../../common/lib/errors.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { askJson } from './ask-json.ts';
import { digestOfJson } from './digest.ts';
import { keyHeaders } from './key-headers.ts';

export interface OpenApiRead {
  /** Null: there is a problem. */
  document: unknown;
  digest: string;
  problem: { says: string; next: string; isAnswered: boolean } | null;
  seen: HttpObservation[];
}

/** A service's OpenAPI document, once a run; null where the profile names none. */
export async function readOpenApi(
  context: CheckContext,
  service: ProfileService,
): Promise<OpenApiRead | null> {
  const { name, url, openapi, timeoutMs, auth } = service;
  if (openapi === undefined) return null;
  return context.once(`openapi ${name}`, async (signal) => {
    const key = auth ? await keyHeaders(context, auth) : { headers: {}, missing: null };
    const none = { document: null, digest: '' };
    if (key.missing !== null) {
      const problem = { says: key.missing, next: 'Put the key where the profile says.', isAnswered: false };
      return { ...none, problem, seen: [] };
    }
    const request = { url: new URL(openapi, url).href, headers: key.headers, timeoutMs, signal };
    const { seen, problem, value } = await askJson(context.http, request);
    if (problem) return { ...none, problem: { ...problem, isAnswered: false }, seen };
    try {
      operationsOf(value);
    } catch (error) {
      const next = 'Look at its address in the profile.';
      return { ...none, problem: { says: messageOf(error), next, isAnswered: true }, seen };
    }
    return { document: value, digest: digestOfJson(value), problem: null, seen };
  });
}
