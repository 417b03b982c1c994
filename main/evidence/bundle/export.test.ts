import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { EvidenceRef } from '../../../common/ledger/types.ts';
import { makeSmallBundle, type SmallBundle } from '../../../test/fakes/small-bundle.ts';
import { unpack } from '../../../test/fakes/tamper.ts';
import { verifyInProcess } from '../../../test/fakes/verify.ts';
import { nodeCrypto } from '../../platform/node/crypto.ts';
import { createLocker, digestFile } from '../index.ts';
import { collectContents } from './contents.ts';
import { exportBundle, type ExportInput } from './export.ts';
import type { WholeLimits } from './limits.ts';

let bundle: SmallBundle;
afterEach(() => bundle.remove());

async function exportAgain(change: Partial<ExportInput> = {}) {
  return exportBundle({
    ledger: bundle.ledger,
    locker: await createLocker(bundle.ledger.folder),
    crypto: nodeCrypto,
    profile: () => 'name: small\n',
    sealOpenParts: () => Promise.resolve([]),
    begin: ({ size }) => Promise.resolve(size),
    onProgress: () => undefined,
    ...change,
  });
}

describe('an export', () => {
  it('of the same checkpoint gives the same bytes', async () => {
    bundle = await makeSmallBundle({ postmortem: true });
    const first = readFileSync((await exportAgain()).file);
    const again = await exportAgain();
    expect(readFileSync(again.file).equals(first)).toBe(true);
    expect(again.sha256).toBe(createHash('sha256').update(first).digest('hex'));
    expect(again.bytes).toBe(first.length);
  });

  it('is of the checkpoint just before its own entry, also when another entry comes between', async () => {
    bundle = await makeSmallBundle();
    const { ledger } = bundle;
    const actor = { kind: 'human' as const, id: Object.keys(ledger.state.seats)[0]!, role: 'technician' };
    let isFirst = true;
    const begin: ExportInput['begin'] = async (data) => {
      if (isFirst) await ledger.append({ type: 'note.written', data: { text: 'between' }, actor });
      isFirst = false;
      return (await ledger.append({ type: 'bundle.exported', data, actor })).head.seq;
    };
    const { size, root, file } = await exportAgain({ begin });
    const own = ledger.range(size, size + 1)[0]!;
    expect([own.head.type, own.body.data.size, own.body.data.root]).toEqual(['bundle.exported', size, root]);
    expect(await verifyInProcess(file)).toMatchObject({ intact: true, size });
  });

  it('that is cancelled leaves nothing of itself', async () => {
    bundle = await makeSmallBundle();
    const before = readdirSync(join(bundle.ledger.folder, 'exports'));
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    await expect(exportAgain({ signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(join(bundle.ledger.folder, 'exports'))).toEqual(before);
    expect(readdirSync(join(bundle.ledger.folder, 'exporting'))).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0).each(['exports', 'exporting'])(
    'on a full disk (%s) says so and leaves nothing of itself',
    async (name) => {
      bundle = await makeSmallBundle();
      const full = join(bundle.ledger.folder, name);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', full]);
      try {
        await expect(exportAgain()).rejects.toMatchObject({ code: 'no-space' });
        expect(readdirSync(full)).toEqual([]);
      } finally {
        execFileSync('umount', [full]);
      }
    },
  );

  it('takes of a recording that goes on only what an entry names', async () => {
    bundle = await makeSmallBundle();
    const { ledger } = bundle;
    const path = join(ledger.folder, 'captures', 'open.mcap');
    writeFileSync(path, 'recorded so far');
    const actor = { kind: 'system' as const, id: 'host', role: 'system' };
    await ledger.append({
      type: 'capture.started',
      data: { capture: 'o', file: 'captures/open.mcap', channels: [] },
      actor,
    });
    const sealOpenParts = async () => {
      const blob = await digestFile(path, 'application/vnd.mcap');
      await ledger.append({
        type: 'capture.exported',
        data: { capture: 'o', file: 'captures/open.mcap' },
        evidence: [blob],
        actor,
      });
      appendFileSync(path, ', and more');
      return [{ name: 'captures/open.mcap', path, bytes: blob.bytes, sha256: blob.sha256 }];
    };
    const { file } = await exportAgain({ sealOpenParts });
    expect(await verifyInProcess(file, [bundle.trust])).toMatchObject({ intact: true, trusted: true });
    const folder = join(bundle.dataDir, 'out');
    unpack(file, folder);
    expect(readFileSync(join(folder, 'data/captures/open.mcap'), 'utf8')).toBe('recorded so far');
  });
});

describe('an export after a recording went wrong', () => {
  it('leaves out what no entry names, and has no cast where the timing does not fit', async () => {
    bundle = await makeSmallBundle();
    const { ledger } = bundle;
    const me = { kind: 'human' as const, id: Object.keys(ledger.state.seats)[0]!, role: 'technician' };
    const begin = (session: string) =>
      ledger.append({
        type: 'session.started',
        data: { session, shell: 'sh', cols: 80, rows: 24, cwd: '/', recordsInput: false },
        actor: me,
      });
    const end = (session: string, evidence: Awaited<ReturnType<typeof digestFile>>[]) =>
      ledger.append({
        type: 'session.ended',
        data: { session, exit: null, signal: null, files: [] },
        evidence,
        actor: me,
      });
    await begin('never-recorded');
    await end('never-recorded', []);
    await begin('still-starting');
    await begin('cut');
    writeFileSync(join(ledger.folder, 'sessions/cut.bytes'), 'more than');
    writeFileSync(join(ledger.folder, 'sessions/cut.timing'), 'O 0.1 4\n');
    const blobs = ['bytes', 'timing'].map((ending) =>
      digestFile(join(ledger.folder, `sessions/cut.${ending}`), 'text/plain'),
    );
    await end('cut', await Promise.all(blobs));
    const { file } = await exportAgain();
    expect(await verifyInProcess(file, [bundle.trust])).toMatchObject({ intact: true });
    const paths = unpack(file, join(bundle.dataDir, 'out')).filter((path) => path.includes('sessions/'));
    expect(paths.filter((path) => /never|starting/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.includes('cut'))).toEqual([
      'data/sessions/cut.bytes',
      'data/sessions/cut.timing',
    ]);
  });
});

describe('a session too large for a cast', () => {
  const files = ['bytes', 'timing'] as const;
  const pathOf = (session: string, ending: string) =>
    join(bundle.ledger.folder, 'sessions', `${session}.${ending}`);

  /** A session that was recorded; \x1b is six characters in a cast, so that its text is longer than its timing. */
  async function record(session: string, evidence?: EvidenceRef[]) {
    const actor = { kind: 'system' as const, id: 'host', role: 'system' };
    writeFileSync(pathOf(session, 'bytes'), '\x1b'.repeat(300));
    writeFileSync(pathOf(session, 'timing'), 'O 0.1 300\n');
    const digests = files.map((ending) => digestFile(pathOf(session, ending), 'text/plain'));
    await bundle.ledger.append({
      type: 'session.ended',
      data: { session, exit: 0, signal: null, files: [] },
      evidence: evidence ?? (await Promise.all(digests)),
      actor,
    });
  }

  /** The session's files in a bundle that is exported with these limits, which `verify` accepts. */
  async function exported(wholeLimits: Partial<WholeLimits>) {
    const limits = { bytes: 10_000, textBytes: 10_000, ...wholeLimits };
    const { file } = await exportAgain({ wholeLimits: limits });
    expect(await verifyInProcess(file, [bundle.trust])).toMatchObject({ intact: true });
    const out = join(bundle.dataDir, `out-${Object.values(limits).join('-')}`);
    const paths = unpack(file, out).filter((path) => path.startsWith('data/sessions/long.'));
    return { out, endings: paths.map((path) => path.slice('data/sessions/long.'.length)) };
  }

  it('is in the bundle without one, at the recording’s limit and at the text’s', async () => {
    bundle = await makeSmallBundle();
    await record('long');
    const { out, endings } = await exported({ bytes: 300 });
    expect(endings).toEqual(['bytes', 'cast', 'timing']);
    expect((await exported({ bytes: 299 })).endings).toEqual(['bytes', 'timing']);
    const textBytes = statSync(join(out, 'data/sessions/long.cast')).size;
    expect((await exported({ textBytes })).endings).toEqual(['bytes', 'cast', 'timing']);
    expect((await exported({ textBytes: textBytes - 1 })).endings).toEqual(['bytes', 'timing']);
    expect((await exported({ textBytes: 9 })).endings).toEqual(['bytes', 'timing']);
  });

  it('is not read for one', async () => {
    bundle = await makeSmallBundle();
    const { ledger } = bundle;
    const bytes = 2 ** 31 + 1;
    const blob = (size: number) => ({ sha256: 'a'.repeat(64), bytes: size, media: 'text/plain' });
    await record('long', [blob(bytes), blob(10)]);
    truncateSync(pathOf('long', 'bytes'), bytes);
    const listed = await collectContents({
      ledger,
      locker: await createLocker(ledger.folder),
      crypto: nodeCrypto,
      checkpoint: await ledger.checkpoint(),
      openFiles: [],
      profile: () => '',
      staging: join(bundle.dataDir, 'staging'),
    });
    expect(listed.filter(({ path }) => path.includes('/long.')).map(({ path }) => path)).toEqual([
      'data/sessions/long.bytes',
      'data/sessions/long.timing',
    ]);
  });
});

describe('a bundle', () => {
  it('is checked by the steps of its own README, without this program', async () => {
    bundle = await makeSmallBundle();
    const folder = join(bundle.dataDir, 'out');
    unpack(bundle.zip, folder);
    const readme = readFileSync(join(folder, 'data/README.md'), 'utf8');
    const steps = readme
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .map((line) => line.slice(4))
      .join('\n');
    expect(steps).toContain('sha512sum --check manifest-sha512.txt');
    const printed = execFileSync('bash', ['-euo', 'pipefail', '-c', steps], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(printed).toContain('Signature Verified Successfully');
    const tags = createHash('sha512')
      .update(readFileSync(join(folder, 'tagmanifest-sha512.txt')))
      .digest('hex');
    expect(printed).toContain(tags);
  });

  it('has a postmortem and a viewer once there is a postmortem entry, and the viewer holds true copies', async () => {
    bundle = await makeSmallBundle({ postmortem: true });
    const folder = join(bundle.dataDir, 'out');
    unpack(bundle.zip, folder);
    for (const name of ['postmortem.md', 'postmortem.html', 'viewer.html'])
      expect(existsSync(join(folder, 'data', name))).toBe(true);
    const viewer = readFileSync(join(folder, 'data/viewer.html'), 'utf8');
    const embedded = [...viewer.matchAll(/data-path="([^"]+)" data-sha256="([^"]+)">([^<]+)</g)];
    expect(embedded.map(([, path]) => path)).toEqual(
      expect.arrayContaining(['ledger.jsonl', 'keys/keys.json']),
    );
    for (const [, path, sha256, gzip] of embedded) {
      const content = gunzipSync(Buffer.from(gzip!, 'base64'));
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(content.equals(readFileSync(join(folder, 'data', path!)))).toBe(true);
    }
    const script = /<script>([\s\S]*?)<\/script>/.exec(viewer)![1]!;
    expect(viewer).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  });
});
