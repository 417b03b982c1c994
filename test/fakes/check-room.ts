/** What a check is given, with real HTTP and nothing else; and services that answer as a test says. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { loadProfile, type Profile } from '../../common/profile/index.ts';
import type { Check } from '../../main/ladder/check.ts';
import { createAskHttp } from '../../main/ladder/http/ask-http.ts';
import { plan, runChecks, type CheckOutcome, type SharedContext } from '../../main/ladder/run-checks.ts';

const now = () => Date.now() * 1000;

/** A server on a free port of 127.0.0.1 until the test ends; answers its base URL. */
export async function serveHttp(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function profileOf(yaml: string): Profile {
  const { profile, mistakes } = loadProfile(yaml);
  if (!profile) throw new Error(mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return profile;
}

/** Real HTTP, and nothing else. */
export function bareContext(profile: Profile, more: Partial<SharedContext> = {}): SharedContext {
  return {
    profile,
    now,
    http: createAskHttp(now),
    devices: () => [],
    faults: () => [],
    samples: () => null,
    baseline: () => null,
    secret: () => Promise.resolve(null),
    ...more,
  };
}

/** Runs checks on a profile to their end. */
export function runAll(
  checks: Check[],
  profile: Profile,
  more: Partial<SharedContext> = {},
): Promise<CheckOutcome[]> {
  return runChecks(plan(checks, profile), bareContext(profile, more), {
    signal: new AbortController().signal,
  });
}
