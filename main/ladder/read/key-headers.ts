import type { ProfileService, SecretName } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';

export interface KeyHeaders {
  headers: Record<string, string>;
  /** Says that this machine does not have the key; null where it has. */
  missing: string | null;
}

/** The header that a service is asked with. Headers that were sent stand in no evidence. */
export async function keyHeaders(
  context: Pick<CheckContext, 'secret'>,
  { header, scheme, key }: NonNullable<ProfileService['auth']>,
): Promise<KeyHeaders> {
  const secret = await context.secret(key);
  if (secret === null) return { headers: {}, missing: noKey(key) };
  return { headers: { [header]: [scheme, secret].filter(Boolean).join(' ') }, missing: null };
}

export const noKey = ({ env, keychain }: SecretName): string =>
  `Its key is not on this machine (${env === undefined ? `keychain: ${keychain}` : `environment: ${env}`}).`;
