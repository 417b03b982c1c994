import { z } from 'zod';
import { profileShape } from './shape.ts';

/**
 * The profile as a JSON Schema, by which editors complete and check one while it is written. It says less than `loadProfile`:
 * the small languages and whether the parts fit together are not in it.
 */
export function profileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(profileShape, { io: 'input', target: 'draft-07' });
  return { ...schema, title: 'War Room profile' };
}
