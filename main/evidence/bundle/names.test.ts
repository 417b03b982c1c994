import { describe, expect, it } from 'vitest';
import { endingOf } from './media.ts';
import {
  bagitText,
  byName,
  encodePath,
  evidenceName,
  infoText,
  isDecisive,
  mustEmbed,
  manifestText,
  namesRecordings,
} from './names.ts';

describe('the ending of a piece of evidence', () => {
  it.each([
    ['text/plain', 'txt'],
    ['text/markdown', 'md'],
    ['text/html', 'html'],
    ['text/csv', 'csv'],
    ['application/json', 'json'],
    ['application/jsonl', 'jsonl'],
    ['application/yaml', 'yaml'],
    ['application/pdf', 'pdf'],
    ['application/zip', 'zip'],
    ['application/gzip', 'gz'],
    ['application/x-asciicast', 'cast'],
    ['application/vnd.mcap', 'mcap'],
    ['application/vnd.apache.parquet', 'parquet'],
    ['image/png', 'png'],
    ['image/jpeg', 'jpg'],
    ['image/svg+xml', 'svg'],
    ['audio/wav', 'wav'],
  ])('of %s is %s', (media, ending) => {
    expect(endingOf(media)).toBe(ending);
  });

  it.each(['application/octet-stream', '', 'constructor', '__proto__', 'TEXT/PLAIN', '../x'])(
    'of %j is bin',
    (media) => {
      expect(evidenceName({ sha256: 'ab', bytes: 1, media })).toBe('data/evidence/ab.bin');
    },
  );
});

describe('the texts of a bag', () => {
  it('encode only line feed, carriage return and percent in a path', () => {
    expect(encodePath('data/a b%\n\r~é.txt')).toBe('data/a b%25%0A%0D~é.txt');
  });

  it('sort by the bytes of UTF-8, not by UTF-16', () => {
    const sorted = ['data/\u{1f600}', 'data/\uff5e', 'data/a', 'data/B'].sort(byName);
    expect(sorted).toEqual(['data/B', 'data/a', 'data/\uff5e', 'data/\u{1f600}']);
    expect([...sorted].sort()).not.toEqual(sorted);
    const hashes = new Map(sorted.toReversed().map((path) => [path, '0f']));
    expect(manifestText(hashes)).toBe(sorted.map((path) => `0f  ${path}\n`).join(''));
    expect(manifestText(new Map())).toBe('');
  });

  it('are those of BagIt 1.0', () => {
    expect(bagitText).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
    const incident = '00000000-0000-4000-8000-000000000000';
    expect(infoText({ bytes: 12, files: 3 }, incident, '2026-11-24T23:59:59.999Z')).toBe(
      `Payload-Oxum: 12.3\nExternal-Identifier: urn:uuid:${incident}\nBagging-Date: 2026-11-24\n`,
    );
  });
});

describe('a file of the bundle', () => {
  it('has a copy in the viewer where a person reads it there, a cast up to its limit', () => {
    const copied = [
      'data/ledger.jsonl',
      'data/keys/keys.json',
      'data/redactions.json',
      'data/checkpoints/7.txt',
    ];
    for (const path of copied) expect(mustEmbed(path, 2 ** 40)).toBe(true);
    const others = ['data/keys/a.pem', 'data/README.md', 'data/sessions/a.bytes', 'data/captures/a.mcap'];
    for (const path of others) expect(mustEmbed(path, 1)).toBe(false);
    expect(mustEmbed('data/sessions/a.cast', 20_000_000)).toBe(true);
    expect(mustEmbed('data/sessions/a.cast', 20_000_001)).toBe(false);
  });
});

describe('an entry type', () => {
  it('tells whether its evidence lies in a folder of recordings, and whether its checkpoint is kept', () => {
    const types = ['capture.closed', 'session.ended', 'evidence.kept', 'captured', 'rung.decided'];
    expect(types.map(namesRecordings)).toEqual([true, true, false, false, false]);
    const decisive = ['rung.decided', 'approval.given', 'host.taken-over', 'rung.reopened', 'approval'];
    expect(decisive.map(isDecisive)).toEqual([true, true, true, false, false]);
  });
});
