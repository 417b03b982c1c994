import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { transcriptFormats } from '../../../common/transcript/index.ts';
import { transcriptText, type Told } from '../../../test/fakes/transcript-text.ts';
import { readTranscript, type ReadOptions } from './transcript-file.ts';

const claim: Told[] = [
  { person: 'Deploy it.' },
  { call: 'Bash', input: { command: 'git push' }, gives: 'ok' },
  { agent: 'Deployed it.' },
];
let path = '';

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'transcript-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  path = join(folder, 'a.jsonl');
});

function read(text: string | Uint8Array, more: Partial<ReadOptions> = {}) {
  writeFileSync(path, text);
  const { signal } = new AbortController();
  const file = { path, bytes: statSync(path).size, modified: 0 };
  return readTranscript(file, { format: 'auto', windowTokens: null, rules: [], room: 1e9, signal, ...more });
}

describe('a transcript from its file', () => {
  it.each(transcriptFormats)('is known as %s by its first lines', async (format) => {
    const { facts, ...file } = await read(transcriptText(format, claim));
    expect(file).toMatchObject({ format, fromLine: 1, unread: { count: 0, first: null } });
    expect(facts.claims).toMatchObject({ claims: 1, supported: 1 });
  });

  it('has lines that are torn, which are counted and told', async () => {
    const text = transcriptText('openai-chat', claim);
    const file = await read(`${text}{"role":"assist`);
    expect(file.lines).toBe(text.split('\n').length);
    expect(file.unread).toEqual({ count: 1, first: { line: file.lines, offset: text.length } });
  });

  it('has the form that the profile tells, whatever its lines look like', async () => {
    const file = await read(transcriptText('openai-chat', claim), { format: 'claude-code' });
    expect(file).toMatchObject({ format: 'claude-code', events: 0 });
    expect(file.unread.count).toBe(file.lines);
  });

  it.each([
    ['words', 'hello\nworld\n'],
    ['bytes', new Uint8Array(100_000).map((_, i) => (i * 7919) % 256)],
    ['one long line', 'x'.repeat(200_000)],
    ['other JSON', '{"level":"info"}\n'.repeat(20)],
  ])('that is none but %s has no form', async (_what, text) => {
    expect(await read(text)).toMatchObject({ format: null, events: 0, lines: 0 });
  });

  it('too large for its room is read at its end, with the numbers of its lines', async () => {
    const [long] = claim;
    const text = transcriptText('openai-chat', [...Array<Told>(500).fill(long!), ...claim]);
    const file = await read(text, { room: 2_000 });
    expect(file.fromLine).toBeGreaterThan(490);
    expect(file.fromLine + file.lines).toBe(text.split('\n').length);
    const { facts } = await read(text.replace('git push', 'git pull'), { room: 2_000 });
    expect(facts.claims.doubtful.items[0]?.source).toEqual({
      line: 504,
      offset: text.lastIndexOf('\n', text.length - 2) + 1,
    });
  });

  it('read from the middle of a turn says nothing of the calls that were before', async () => {
    const calls = Array<Told>(50).fill({ call: 'Read', input: { path: 'b' }, gives: 'b' });
    const steps: Told[] = [{ person: 'Deploy it.' }, claim[1]!, ...calls, { agent: 'Deployed it.' }];
    const text = transcriptText('openai-chat', steps);
    const { facts } = await read(text, { room: 3_000 });
    expect(facts.claims.claims).toBe(0);
    expect(facts.context[0]?.replies).toBeGreaterThan(5);
  });
});
