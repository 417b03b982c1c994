/** A small real bundle: a real ledger, evidence, a recorded session and a capture, exported as the product does it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../common/ledger/types.ts';
import { createLocker, digestFile, exportBundle } from '../../main/evidence/index.ts';
import { createLedgerRoom, openKeys, type Ledger } from '../../main/ledger/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';

export interface SmallBundle {
  zip: string;
  /** The device's VKEY. */
  trust: string;
  ledger: Ledger;
  dataDir: string;
  remove(): Promise<void>;
}

const session = '01900000-0000-7000-8000-000000000001';
const host: Actor = { kind: 'system', id: 'host', role: 'system' };

/** `postmortem`: with the viewer and the rest that comes with a postmortem. */
export async function makeSmallBundle({ postmortem = false } = {}): Promise<SmallBundle> {
  const dataDir = await mkdtemp(join(tmpdir(), 'warroom-bundle-'));
  const platform = createNodePlatform({ dataDir });
  const keys = await openKeys(platform, dataDir);
  const room = createLedgerRoom({ platform, keys, dataDir, version: 'test', log: () => undefined });
  const ledger = await room.declare({ title: 'A small one', severity: 4, drill: true });
  const me: Actor = { kind: 'human', id: keys.device.id, role: 'technician' };
  const locker = await createLocker(ledger.folder);
  const file = async (name: string, content: string, media: string) => {
    await mkdir(join(ledger.folder, name, '..'), { recursive: true });
    await writeFile(join(ledger.folder, name), content);
    return digestFile(join(ledger.folder, name), media);
  };
  const bytes = await file(`sessions/${session}.bytes`, '$ true\r\n', 'application/octet-stream');
  const timing = await file(
    `sessions/${session}.timing`,
    'H 0.000000 START_TIME 2026-01-01 00:00:00+00:00\nH 0.000000 COLUMNS 80\nH 0.000000 LINES 24\nO 0.100000 8\nH 0.000000 DURATION 0.100000\n',
    'text/plain',
  );
  const capture = await file(
    'captures/a.mcap',
    'a capture, as far as the bag is concerned',
    'application/vnd.mcap',
  );

  await ledger.append({
    type: 'role.assumed',
    data: { seat: me.id, role: 'lead', reason: 'alone' },
    actor: me,
  });
  await ledger.append({
    type: 'capture.started',
    data: { capture: 'a', file: 'captures/a.mcap', channels: [] },
    actor: host,
  });
  await ledger.append({
    type: 'capture.closed',
    data: { capture: 'a', file: 'captures/a.mcap' },
    evidence: [capture],
    actor: host,
  });
  await ledger.append({
    type: 'session.started',
    data: { session, shell: 'bash', cols: 80, rows: 24, cwd: '/', recordsInput: false },
    actor: me,
  });
  await ledger.append({
    type: 'session.ended',
    data: { session, exit: 0, signal: null, files: [] },
    evidence: [bytes, timing],
    actor: host,
  });
  const kept = await ledger.append({
    type: 'evidence.kept',
    rung: 1,
    data: { kind: 'note', name: 'seen' },
    evidence: [await locker.put(Buffer.from('What was seen.\n'), 'text/markdown')],
    actor: me,
  });
  await ledger.append({
    type: 'rung.decided',
    rung: 1,
    data: { decision: 'eliminated', reason: 'seen', basis: [kept.head.id] },
    actor: me,
  });
  if (postmortem) {
    const blobs = [
      await locker.put(Buffer.from('# P\n'), 'text/markdown'),
      await locker.put(Buffer.from('<p>P</p>\n'), 'text/html'),
    ];
    await ledger.append({
      type: 'postmortem.drafted',
      data: { template: 'facts' },
      evidence: blobs,
      actor: me,
    });
  }
  await ledger.append({ type: 'note.written', data: { text: 'the end' }, actor: me });
  const exported = await exportBundle({
    ledger,
    locker,
    crypto: platform.crypto,
    profile: () => 'name: small\n',
    sealOpenParts: () => Promise.resolve([]),
    begin: async (data) => (await ledger.append({ type: 'bundle.exported', data, actor: me })).head.seq,
    onProgress: () => undefined,
  });
  return {
    zip: exported.file,
    trust: keys.device.vkey,
    ledger,
    dataDir,
    remove: async () => {
      await ledger.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
