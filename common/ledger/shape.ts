/**
 * The forms of head and body, checked by hand: a bundle may hold 100 000 of them. Members and types that are not known
 * here are a later version's: they are kept, hashed and shown.
 */
import { WarroomError } from '../lib/errors.ts';
import type { Body, Head } from './types.ts';

type Check = (value: unknown) => boolean;
type Shape = Record<string, { check: Check; optional?: true }>;

const hex64: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const uuid: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
const uuidv7: Check = (value) =>
  typeof value === 'string' &&
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(value);
const text: Check = (value) => typeof value === 'string';
const filled: Check = (value) => typeof value === 'string' && value.length > 0;
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const time: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && isMoment(value);
/** Date.parse alone takes 30 February and 24:00. */
function isMoment(value: string): boolean {
  const millis = Date.parse(value);
  return !Number.isNaN(millis) && new Date(millis).toISOString() === value;
}
const record: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const kinds = ['human', 'agent', 'sensor', 'system'];

const actorShape: Shape = {
  kind: { check: (value) => kinds.includes(value as string) },
  id: { check: filled },
  role: { check: filled },
};
const headShape: Shape = {
  v: { check: (value) => value === 1 },
  incident: { check: uuid },
  epoch: { check: count },
  seq: { check: count },
  id: { check: uuidv7 },
  at: { check: time },
  boot: { check: filled },
  mono: { check: count },
  actor: { check: (value) => fits(value, actorShape) === null },
  type: { check: (value) => typeof value === 'string' && /^[a-z][a-z0-9-]*(\.[A-Za-z0-9_-]+)+$/.test(value) },
  rung: {
    check: (value) => count(value) && (value as number) >= 1 && (value as number) <= 5,
    optional: true,
  },
  change: { check: filled, optional: true },
  prev: { check: hex64 },
  bodyHash: { check: hex64 },
};
const evidenceShape: Shape = { sha256: { check: hex64 }, bytes: { check: count }, media: { check: filled } };
const requestShape: Shape = { bytes: { check: text }, sig: { check: text }, key: { check: hex64 } };
const bodyShape: Shape = {
  data: { check: record },
  target: { check: text, optional: true },
  evidence: {
    check: (value) => Array.isArray(value) && value.every((item) => fits(item, evidenceShape) === null),
  },
  cause: { check: filled, optional: true },
  corrects: { check: filled, optional: true },
  req: { check: (value) => fits(value, requestShape) === null, optional: true },
};

/** Null when it fits, else the member that does not. */
function fits(value: unknown, shape: Shape): string | null {
  if (!record(value)) return 'itself';
  const members = value as Record<string, unknown>;
  for (const key in shape) {
    const { check, optional } = shape[key]!;
    const member = Object.hasOwn(members, key) ? members[key] : undefined;
    if (member === undefined ? !optional : !check(member)) return key;
  }
  return null;
}

/** Throws `damaged` naming the member that is not as FORMATS says. */
export function checkHeadShape(value: unknown): asserts value is Head {
  const wrong = fits(value, headShape);
  if (wrong) throw new WarroomError('damaged', `The head's "${wrong}" is not as it must be.`);
}

/** Throws `damaged` naming the member that is not as FORMATS says. */
export function checkBodyShape(value: unknown): asserts value is Body {
  const wrong = fits(value, bodyShape);
  if (wrong) throw new WarroomError('damaged', `The body's "${wrong}" is not as it must be.`);
}
