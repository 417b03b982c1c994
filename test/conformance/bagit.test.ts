import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyBag } from '../../main/evidence/verify/any-bag.ts';

/** Bags as RFC 8493 describes them, and each way in which one can be wrong. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'warroom-bag-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const digest = (algorithm: string, text: string | Buffer) => createHash(algorithm).update(text).digest('hex');

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

interface Made {
  version?: string;
  algorithms?: string[];
  payload?: Record<string, string>;
  tagManifest?: boolean;
}

/** Writes a valid bag. */
function makeBag({
  version = '1.0',
  algorithms = ['sha512'],
  payload = { 'data/a.txt': 'a', 'data/b/c.txt': 'c' },
  tagManifest = true,
}: Made = {}): void {
  write('bagit.txt', `BagIt-Version: ${version}\nTag-File-Character-Encoding: UTF-8\n`);
  const size = Object.values(payload).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  write(
    'bag-info.txt',
    `Source-Organization: Somewhere\nPayload-Oxum: ${size}.${Object.keys(payload).length}\n`,
  );
  for (const [path, text] of Object.entries(payload)) write(path, text);
  for (const algorithm of algorithms) {
    const lines = Object.entries(payload).map(([path, text]) => `${digest(algorithm, text)}  ${path}\n`);
    write(`manifest-${algorithm}.txt`, lines.join(''));
    if (!tagManifest) continue;
    const tags = {
      'bagit.txt': `BagIt-Version: ${version}\nTag-File-Character-Encoding: UTF-8\n`,
      [`manifest-${algorithm}.txt`]: lines.join(''),
    };
    const others = algorithms.filter((other) => other !== algorithm);
    const extra = others.map((other) => {
      const text = Object.entries(payload)
        .map(([path, content]) => `${digest(other, content)}  ${path}\n`)
        .join('');
      return `${digest(algorithm, text)}  manifest-${other}.txt\n`;
    });
    write(
      `tagmanifest-${algorithm}.txt`,
      [...Object.entries(tags).map(([path, text]) => `${digest(algorithm, text)}  ${path}\n`), ...extra].join(
        '',
      ),
    );
  }
}

const problems = () => verifyBag(root).problems;

describe('a valid bag', () => {
  it.each([
    ['1.0 with sha512', {}],
    ['1.0 with sha256 and sha512', { algorithms: ['sha256', 'sha512'] }],
    ['1.0 without a tag manifest', { tagManifest: false }],
    ['0.97 with md5', { version: '0.97', algorithms: ['md5'] }],
    ['0.97 with sha1', { version: '0.97', algorithms: ['sha1'] }],
    ['with an empty file', { payload: { 'data/empty': '' } }],
    ['with names that need encoding', { payload: { 'data/x': 'x' } }],
  ])('%s', (_what, made: Made) => {
    makeBag(made);
    expect(problems()).toEqual([]);
  });

  it('warns of weak algorithms', () => {
    makeBag({ version: '0.97', algorithms: ['md5'] });
    expect(verifyBag(root).warnings.join()).toMatch(/md5 does not protect/);
  });

  it('may have CRLF line ends, and a digest in capitals', () => {
    makeBag({ tagManifest: false });
    write(
      'manifest-sha512.txt',
      `${digest('sha512', 'a').toUpperCase()}  data/a.txt\r\n${digest('sha512', 'c')}\tdata/b/c.txt\r\n`,
    );
    expect(problems()).toEqual([]);
  });

  it('encodes percent signs and line feeds in 1.0', () => {
    makeBag({ payload: { 'data/100%.txt': 'x' }, tagManifest: false });
    write('manifest-sha512.txt', `${digest('sha512', 'x')}  data/100%25.txt\n`);
    expect(problems()).toEqual([]);
  });

  it('may have its tag files in another encoding', () => {
    makeBag({ tagManifest: false });
    write('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n');
    write('bag-info.txt', Buffer.from('Contact-Name: J\xf6rg\n', 'latin1'));
    expect(problems()).toEqual([]);
  });

  it('may have been fetched', () => {
    makeBag();
    write('fetch.txt', 'http://example.com/a 1 data/a.txt\n');
    expect(problems()).toEqual([]);
  });
});

describe('an invalid bag', () => {
  it.each<[string, () => void, RegExp]>([
    ['without bagit.txt', () => rmSync(join(root, 'bagit.txt')), /bagit\.txt: it is missing/],
    [
      'with a byte order mark',
      () => write('bagit.txt', '\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
      /byte order mark/,
    ],
    [
      'with a third line in bagit.txt',
      () => write('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n'),
      /exactly the lines/,
    ],
    [
      'of an unknown version',
      () => write('bagit.txt', 'BagIt-Version: 7.0\nTag-File-Character-Encoding: UTF-8\n'),
      /version 7\.0/,
    ],
    ['without a payload folder', () => rmSync(join(root, 'data'), { recursive: true }), /data/],
    ['without a manifest', () => rmSync(join(root, 'manifest-sha512.txt')), /manifest/],
    ['with a changed file', () => write('data/a.txt', 'b'), /data\/a\.txt: it is not the file/],
    ['with a missing file', () => rmSync(join(root, 'data/a.txt')), /data\/a\.txt: it is missing/],
    ['with a file that nothing names', () => write('data/new.txt', 'x'), /data\/new\.txt/],
    [
      'with a changed tag file',
      () => write('bagit.txt', 'BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n'),
      /bagit\.txt: it is not the file/,
    ],
    [
      'with a wrong Payload-Oxum',
      () => write('bag-info.txt', 'Payload-Oxum: 9.9\n'),
      /Payload-Oxum says 9\.9/,
    ],
    [
      'with a malformed Payload-Oxum',
      () => write('bag-info.txt', 'Payload-Oxum: many\n'),
      /Payload-Oxum is not/,
    ],
    ['with a malformed manifest', () => write('manifest-sha512.txt', 'no digest here\n'), /malformed line/],
    [
      'that names a path outside',
      () => write('manifest-sha512.txt', `${'0'.repeat(128)}  ../secret\n`),
      /outside of the bag/,
    ],
    [
      'that names a file twice',
      () => write('manifest-sha512.txt', `${digest('sha512', 'a')}  data/a.txt\n`.repeat(2)),
      /twice/,
    ],
    [
      'with a link in its payload',
      () => symlinkSync('/etc/hostname', join(root, 'data/link')),
      /symbolic link/,
    ],
    [
      'with something still to fetch',
      () => write('fetch.txt', 'http://example.com/x 1 data/x.txt\n'),
      /to be fetched/,
    ],
    ['with no blank after a label', () => write('bag-info.txt', 'Contact-Name:none\n'), /malformed line/],
  ])('%s says so and names the file', (_what, spoil, message) => {
    makeBag();
    spoil();
    expect(problems().join('\n')).toMatch(message);
  });

  it('1.0: every payload file in every manifest', () => {
    makeBag({ algorithms: ['sha256', 'sha512'], tagManifest: false });
    write('manifest-sha256.txt', `${digest('sha256', 'a')}  data/a.txt\n`);
    expect(problems().join()).toMatch(/manifest-sha256\.txt does not name it/);
  });

  it('0.97: every payload file in one of them', () => {
    makeBag({ version: '0.97', algorithms: ['sha256', 'sha512'], tagManifest: false });
    write('manifest-sha256.txt', `${digest('sha256', 'a')}  data/a.txt\n`);
    expect(problems()).toEqual([]);
  });

  it('that is not there is told apart', () => {
    expect(() => verifyBag(join(root, 'nothing'))).toThrow(/no folder/);
  });
});
