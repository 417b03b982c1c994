import type { SecretName } from '../../common/profile/index.ts';
import type { Secrets } from '../platform/types.ts';

/** Reads keys by the names that a profile has for them. */
export function createSecretReader(
  secrets: Pick<Secrets, 'get'>,
  environment: NodeJS.ProcessEnv,
): (name: SecretName) => Promise<string | null> {
  return async ({ env, keychain }) => {
    if (env !== undefined) return environment[env] ?? null;
    const kept = await secrets.get(keychain ?? '');
    return kept && new TextDecoder().decode(kept);
  };
}
