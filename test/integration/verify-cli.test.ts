import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerify, type VerifyArguments } from '../../main/evidence/verify/cli.ts';
import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { unknownDevice } from '../fakes/other-key.ts';
import { makeSmallBundle, type SmallBundle } from '../fakes/small-bundle.ts';
import { unpack } from '../fakes/tamper.ts';

let bundle: SmallBundle;
let folder = '';
beforeAll(async () => {
  bundle = await makeSmallBundle();
  folder = join(bundle.dataDir, 'unpacked');
  unpack(bundle.zip, folder);
});
afterAll(() => bundle.remove());

async function verify(args: VerifyArguments) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runVerify(args, {
    crypto: nodeCrypto,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out, err };
}

describe('warroom verify', () => {
  it('says in two lines what it is and who signed it, and exits 0 when that is the one who is trusted', async () => {
    const { code, out } = await verify({ bundle: bundle.zip, trust: [bundle.trust] });
    const [, name, print] = /^signed by: (\S+) ([0-9a-f]{64}) trusted$/.exec(out[1]!)!;
    expect(out[0]).toBe('intact: yes');
    expect(bundle.trust.startsWith(`${name}+`)).toBe(true);
    expect(name).toBe(`warroom-device/${print!.slice(0, 16)}`);
    expect(code).toBe(0);
    expect((await verify({ bundle: folder, trust: [bundle.trust] })).out).toEqual(out);
  });

  it('warns without an anchor, and exits 1 when the anchor is another', async () => {
    const without = await verify({ bundle: bundle.zip, trust: [] });
    expect([without.code, without.out[1]]).toEqual([0, expect.stringMatching(/ unknown$/)]);
    expect(without.err.join()).toContain('origin not established');
    const other = await verify({ bundle: bundle.zip, trust: [unknownDevice()] });
    expect([other.code, other.out[0], other.out[1]]).toEqual([
      1,
      'intact: yes',
      expect.stringMatching(/ unknown$/),
    ]);
  });

  it('exits 1 when it is not intact, naming why and which file', async () => {
    const copy = join(bundle.dataDir, 'changed');
    unpack(bundle.zip, copy);
    appendFileSync(join(copy, 'data/profile.yaml'), 'x');
    const { code, out } = await verify({ bundle: copy, trust: [bundle.trust] });
    expect(code).toBe(1);
    expect(out[0]).toMatch(/^intact: no \(.+, data\/profile\.yaml\)$/);
    expect(out[1]).toBe('signed by: not established');
    const garbage = join(bundle.dataDir, 'garbage.zip');
    writeFileSync(garbage, 'nothing that could be a zip');
    expect((await verify({ bundle: garbage, trust: [] })).code).toBe(1);
  });

  it('exits 2 when there is nothing to read or the arguments are wrong', async () => {
    const empty = join(bundle.dataDir, 'empty');
    mkdirSync(empty);
    expect((await verify({ bundle: empty, trust: [] })).code).toBe(2);
    expect((await verify({ bundle: join(empty, 'none'), trust: [] })).code).toBe(2);
    expect((await verify({ bundle: bundle.zip, trust: ['not a key'] })).code).toBe(2);
    expect((await verify({ trust: [] })).code).toBe(2);
  });

  it('checks any BagIt bag, our own too', async () => {
    expect(await verify({ bag: folder, trust: [] })).toMatchObject({ code: 0, out: ['valid'], err: [] });
    const copy = join(bundle.dataDir, 'bag');
    unpack(bundle.zip, copy);
    appendFileSync(join(copy, 'data/README.md'), 'x');
    const { code, err } = await verify({ bag: copy, trust: [] });
    expect(code).toBe(1);
    expect(err.join()).toContain('data/README.md');
  });
});
