import type { z } from 'zod';

/** The members of `value` that `schema` has. */
export function onlyMembersOf<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  value: z.infer<z.ZodObject<Shape>>,
): z.infer<z.ZodObject<Shape>> {
  const names = Object.entries(value).filter(([name]) => Object.hasOwn(schema.shape, name));
  return Object.fromEntries(names) as z.infer<z.ZodObject<Shape>>;
}
