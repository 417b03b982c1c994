/** Parts of which a model is made: what is read of them, and its digest. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { fromSystem } from '../../../common/lib/errors.ts';
import {
  compilePattern,
  parseJsonPath,
  valuesAt,
  type ProfileFingerprint,
} from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import { askJson } from './ask-json.ts';
import { digestOf } from './digest.ts';
import { keyHeaders } from './key-headers.ts';

type Part = ProfileFingerprint['parts'][string]['read'];

export interface PartRead {
  name: string;
  /** Null: it can't be read. */
  digest: string | null;
  /** What was found, where it is short text. */
  text: string | null;
  problem: string | null;
  expected: string | null;
}

/** Of a file in which a field or pattern is looked for. */
const mostText = 4 * 1024 * 1024;
const mostMatches = 10_000;

/** Every part of a fingerprint, once a run. */
export function readFingerprint(
  context: CheckContext,
  { name, parts }: ProfileFingerprint,
): Promise<PartRead[]> {
  return context.once(`fingerprint ${name}`, async (signal) => {
    const read: PartRead[] = [];
    for (const [part, { read: how, expected }] of Object.entries(parts)) {
      const found = await readPart(context, how, signal);
      read.push({ name: part, ...found, expected: expected ?? null });
    }
    return read;
  });
}

type Content = Pick<PartRead, 'digest' | 'text' | 'problem'>;

async function readPart(context: CheckContext, part: Part, signal: AbortSignal): Promise<Content> {
  if (part.by === 'command')
    return problem(`${part.run.join(' ')} is a command: none is run before a person agrees to it.`);
  try {
    return part.by === 'file' ? await readFilePart(part, signal) : await readHttpPart(context, part, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return problem(fromSystem(error, part.path).message);
  }
}

const problem = (says: string): Content => ({ digest: null, text: null, problem: says });

async function readFilePart(part: Extract<Part, { by: 'file' }>, signal: AbortSignal): Promise<Content> {
  const path = part.path.replace(/^~(?=$|[/\\])/, () => homedir());
  const status = await stat(path);
  // A pipe or a device may never end.
  if (!status.isFile()) return problem(`${part.path} is no file.`);
  if (part.field === undefined && part.pattern === undefined) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Buffer>) hash.update(chunk);
    return { digest: `sha256:${hash.digest('hex')}`, text: null, problem: null };
  }
  if (status.size > mostText) return problem(`${part.path} is too large to look for something in it.`);
  const chunks: Buffer[] = [];
  const stream = createReadStream(path, { signal, end: mostText });
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return pick(part, new TextDecoder().decode(Buffer.concat(chunks)));
}

async function readHttpPart(
  context: CheckContext,
  part: Extract<Part, { by: 'http' }>,
  signal: AbortSignal,
): Promise<Content> {
  const service = context.profile.services.find(({ name }) => name === part.service)!;
  const { headers, missing } = service.auth
    ? await keyHeaders(context, service.auth)
    : { headers: {}, missing: null };
  if (missing !== null) return problem(missing);
  const url = new URL(part.path, service.url);
  for (const [name, value] of Object.entries(part.query)) url.searchParams.set(name, value);
  const request = { url: url.href, headers, timeoutMs: service.timeoutMs, signal };
  const { seen, problem: wrong } = await askJson(context.http, request);
  const answer = seen.at(-1)?.answer;
  const isText = part.field === undefined && answer && answer.status < 300 && !answer.isCut;
  if (wrong && !isText) return problem(`${part.service}: ${wrong.says}`);
  return pick(part, new TextDecoder().decode(answer!.body));
}

/** What a field, a pattern and a take make of a text. */
function pick({ field, pattern, value, take }: Exclude<Part, { by: 'command' }>, text: string): Content {
  let found = [text];
  if (field !== undefined) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      // What is to hold a field is to be JSON: that it is none is what is told.
      return problem('What is read there is no JSON.');
    }
    found = valuesAt(json, parseJsonPath(field).steps).map((each) =>
      typeof each === 'string' ? each : JSON.stringify(each),
    );
  }
  if (pattern !== undefined) {
    const compiled = compilePattern(pattern);
    found = found.flatMap((each) =>
      compiled.all(each, mostMatches).map((match) => match.groups[value ?? 'value'] ?? match.text),
    );
  }
  const taken = take === 'count' ? String(found.length) : take === 'first' ? found[0] : found.at(-1);
  if (taken === undefined) return problem('Nothing like it is there.');
  return { digest: digestOf(taken), text: taken.length <= 200 ? taken : null, problem: null };
}
