import { z } from 'zod';

/** How keys begin or look that people paste: tokens of Supabase, JSON Web Tokens, OpenAI, GitHub, Slack, AWS. */
const looksLikeKey = /^(?:sb_|sbp_|eyJ|sk-|sk_|pk_|gh[a-z]_|github_pat_|xox|AKIA|glpat-)|^[\w-]{60,}$/;
const notAKey = (name: string) => !looksLikeKey.test(name);
const itIsAKey =
  'this looks like a key itself: a profile is passed on, so only its name stands here, the key stays on this machine';

/** Where a key lies. The key itself never stands in a profile. */
export const secretName = z
  .strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'the name of an environment variable, as SUPABASE_KEY')
      .refine(notAKey, itIsAKey)
      .optional(),
    keychain: z
      .string()
      .regex(/^[a-z0-9][a-z0-9 ._-]{0,79}$/i, 'a name in the keychain')
      .refine(notAKey, itIsAKey)
      .optional(),
  })
  .refine(
    ({ env, keychain }) => (env === undefined) !== (keychain === undefined),
    'where the key lies: { env: NAME } or { keychain: NAME }',
  )
  .describe('Where a key lies: the name of an environment variable or in the keychain, never the key.');
export type SecretName = z.infer<typeof secretName>;

/** An address of a service. What is secret in one is found by everybody who gets the profile. */
export const plainUrl = z.url({ protocol: /^https?$/ }).superRefine((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.username || url.password))
    context.addIssue({ code: 'custom', message: 'a name or password has no place in an address' });
  if (url && (url.search || url.hash))
    context.addIssue({ code: 'custom', message: 'the address without ? and #' });
});
