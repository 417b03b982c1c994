import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../../common/lib/bytes.ts';
import { canonicalize } from '../../common/lib/canonical.ts';
import { signEnvelope } from '../../common/ledger/dsse.ts';
import { encodeLine } from '../../common/ledger/entry.ts';
import type { Entry, LedgerLine } from '../../common/ledger/types.ts';
import {
  infoText,
  manifestText,
  names,
  payloadType,
  predicateType,
  statementType,
} from '../../main/evidence/bundle/names.ts';
import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { makeSmallBundle, type SmallBundle } from '../fakes/small-bundle.ts';
import { unpack } from '../fakes/tamper.ts';
import { verifyInProcess } from '../fakes/verify.ts';

let bundle: SmallBundle;
let folder = '';
beforeAll(async () => {
  bundle = await makeSmallBundle();
});
afterAll(() => bundle.remove());
beforeEach(() => {
  folder = join(bundle.dataDir, 'redacted');
  rmSync(folder, { recursive: true, force: true });
  unpack(bundle.zip, folder);
});

const at = (path: string) => join(folder, path);
const sha = (algorithm: string, bytes: Buffer | string) => createHash(algorithm).update(bytes).digest('hex');
const lines = () =>
  readFileSync(at(names.ledger), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

/** Writes the bag's own files anew and signs them, as an exporter who withholds something does. */
function signAgain(): void {
  const payload = (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.startsWith('data/') && statSync(at(path)).isFile());
  const size = lines().length;
  const bytes = payload.reduce((sum, path) => sum + statSync(at(path)).size, 0);
  writeFileSync(
    at(names.info),
    infoText({ bytes, files: payload.length }, bundle.ledger.incident, lines().at(-1)!.head.at),
  );
  const hashes = (paths: string[]) =>
    new Map(paths.map((path) => [path, sha('sha512', readFileSync(at(path)))]));
  writeFileSync(at(names.manifest), manifestText(hashes(payload)));
  const tags = manifestText(hashes([names.bagit, names.info, names.manifest]));
  writeFileSync(at(names.tags), tags);
  const root = /\n\d+\n(\S+)\n/.exec(readFileSync(at(`data/checkpoints/${size}.txt`), 'utf8'))![1]!;
  const statement = {
    _type: statementType,
    subject: [{ name: names.tags, digest: { sha512: sha('sha512', tags) } }],
    predicateType,
    predicate: { incident: bundle.ledger.incident, size, root },
  };
  const signer = bundle.ledger.incidentSigner;
  writeFileSync(
    at(names.envelope),
    signEnvelope(nodeCrypto, signer, payloadType, utf8(canonicalize(statement))),
  );
}

/** Withholds the bodies of a type; `copy` makes what is shown instead. */
function withhold(
  type: string,
  evidence: Record<string, unknown> = {},
  copy = (entry: Entry) => entry.body,
): string[] {
  const withheld = lines().filter(({ head }) => head.type === type);
  const ids = withheld.map(({ head }) => head.id);
  const shown = lines().map((line): LedgerLine =>
    ids.includes(line.head.id) ? { head: line.head, redacted: true } : line,
  );
  writeFileSync(at(names.ledger), shown.map(encodeLine).join(''));
  const entries = Object.fromEntries(
    withheld.map((entry) => [entry.head.id, { rule: 'secret', copy: copy(entry) }]),
  );
  writeFileSync(at(names.redactions), canonicalize({ entries, evidence }));
  return ids;
}

describe('a bundle with withheld bodies', () => {
  it('is intact, and says how many are withheld', async () => {
    withhold('note.written', {}, (entry) => ({ ...entry.body, data: { text: '[withheld]' } }));
    signAgain();
    expect(await verifyInProcess(folder, [bundle.trust])).toMatchObject({
      intact: true,
      trusted: true,
      withheld: 1,
    });
  });

  it('may withhold a blob with the body that named it, or show a copy in its place', async () => {
    const kept = lines().find(({ head }) => head.type === 'evidence.kept')!;
    const [blob] = kept.body.evidence;
    const path = `data/evidence/${blob!.sha256}.md`;
    const copyText = 'What was [withheld].\n';
    const copy = { sha256: sha('sha256', copyText), bytes: copyText.length, media: 'text/markdown' };
    rmSync(at(path));
    writeFileSync(at(`data/evidence/${copy.sha256}.md`), copyText);
    withhold('evidence.kept', { [blob!.sha256]: { rule: 'secret', copy } });
    signAgain();
    expect(await verifyInProcess(folder)).toEqual(expect.objectContaining({ intact: true, withheld: 1 }));

    rmSync(folder, { recursive: true });
    unpack(bundle.zip, folder);
    rmSync(at('data/evidence'), { recursive: true });
    withhold('evidence.kept', { [blob!.sha256]: { rule: 'secret', copy: null } });
    signAgain();
    expect(await verifyInProcess(folder)).toEqual(expect.objectContaining({ intact: true, withheld: 1 }));
  });

  it.each<[string, () => void, RegExp]>([
    ['without redactions.json', () => rmSync(at(names.redactions)), /missing, though bodies are withheld/],
    [
      'that lists another entry',
      () => {
        const text = readFileSync(at(names.redactions), 'utf8');
        const [id] = Object.keys((JSON.parse(text) as { entries: object }).entries);
        writeFileSync(at(names.redactions), text.replace(id!, lines()[3]!.head.id));
      },
      /not exactly the withheld ones/,
    ],
    [
      'that is not canonical',
      () => writeFileSync(at(names.redactions), `${readFileSync(at(names.redactions), 'utf8')}\n`),
      /canonical/,
    ],
  ])('is not intact %s', async (_what, spoil, why) => {
    withhold('note.written');
    spoil();
    signAgain();
    const verdict = await verifyInProcess(folder);
    expect(verdict).toMatchObject({ intact: false, file: names.redactions });
    expect(verdict.why).toMatch(why);
  });

  it.each(['seat.joined', 'incident.declared'])('never withholds %s', async (type) => {
    withhold(type);
    signAgain();
    const verdict = await verifyInProcess(folder);
    expect(verdict).toMatchObject({ intact: false, file: names.ledger });
    expect(verdict.why).toMatch(/never withheld/);
  });
});

describe('a bundle signed again', () => {
  it('by its own key over changed facts does not hold against its checkpoints', async () => {
    const changed = lines().map((line) =>
      line.head.type === 'note.written'
        ? { ...line, head: { ...line.head, at: '2026-01-01T00:00:00.000Z' } }
        : line,
    );
    writeFileSync(at(names.ledger), changed.map(encodeLine).join(''));
    signAgain();
    expect(await verifyInProcess(folder)).toMatchObject({ intact: false });
  });
});
