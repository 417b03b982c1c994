import { describe, expect, it } from 'vitest';
import { generateSigner, nodeCrypto, signerFromSecret } from '../../main/platform/node/crypto.ts';
import { nobleCrypto } from '../../renderer/client/crypto.ts';
import { fromBase64, fromUtf8, utf8 } from '../lib/bytes.ts';
import { canonicalize, parseCanonical, parseJson } from '../lib/canonical.ts';
import {
  checkpointText,
  cosign,
  cosignatureTime,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
  verifyNoteSignature,
} from './checkpoint.ts';
import { openEnvelope, pae, signEnvelope } from './dsse.ts';
import { formatNote, parseNote } from './note.ts';
import { signRequest, verifyRequest } from './request.ts';
import {
  cosignatureKeyName,
  encodeVkey,
  fingerprint,
  incidentKeyName,
  makeVkey,
  parseVkey,
  publicKeyFromPem,
  publicKeyPem,
} from './vkey.ts';

/** The example of golang.org/x/mod/sumdb/note, also in C2SP signed-note. */
const published = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  secret: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};
/** A checkpoint of a public log as it was served, with the line of one of its witnesses; keys as they publish them. */
const served = {
  note: [
    'arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n',
    '— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n',
    '— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n',
    '— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n',
  ].join(''),
  vkeys: [
    'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
    'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  ],
};
const incident = '0190c8a1-0000-4000-8000-000000000001';
const root = new Uint8Array(32).fill(7);

describe.each([
  ['node', nodeCrypto],
  ['noble', nobleCrypto],
])('signed formats in %s', (_name, crypto) => {
  it('reads the published signed note, and makes it byte for byte', () => {
    const key = parseVkey(crypto, published.vkey);
    expect(encodeVkey(key)).toBe(published.vkey);
    const note = parseNote(`${published.text}\n${published.line}`);
    expect(note.text).toBe(published.text);
    expect(verifyNoteSignature(crypto, note.text, note.signatures[0]!, key)).toBe(true);
    expect(verifyNoteSignature(crypto, `${note.text} `, note.signatures[0]!, key)).toBe(false);
    const signer = signerFromSecret(fromBase64(published.secret).subarray(1));
    const { name, keyId } = makeVkey(crypto, 'PeterNeumann', 1, signer.publicKey);
    const signature = signer.sign(utf8(published.text));
    expect(formatNote({ text: published.text, signatures: [{ name, keyId, signature }] })).toBe(
      `${published.text}\n${published.line}`,
    );
  });

  it('verifies a public log’s checkpoint with its own and a witness’s signature', () => {
    const keys = served.vkeys.map((vkey) => parseVkey(crypto, vkey));
    expect(keys.map(encodeVkey)).toEqual(served.vkeys);
    const verdict = verifyCheckpoint(crypto, served.note, keys, { strict: false });
    expect(verdict.signedBy).toEqual(['arche2025h1.staging.ct.transparency.dev', 'remora.n621.de']);
    expect([verdict.size, verdict.unknown]).toEqual([1_432_088_532, 1]);
    expect(() => verifyCheckpoint(crypto, served.note, keys, { strict: true })).toThrow(/not known/);
    const other = served.note.replace('1432088532', '1432088533');
    expect(() => verifyCheckpoint(crypto, other, keys, { strict: false })).toThrow(/not valid/);
  });

  it('gives a cosignature’s key another id than the same key for plain signatures, and covers the time', () => {
    const signer = signerFromSecret(fromBase64(published.secret).subarray(1));
    const seat = fingerprint(crypto, signer.publicKey);
    const incidentSigner = generateSigner();
    const note = cosign(
      crypto,
      signer,
      incident,
      seat,
      signCheckpoint(crypto, incidentSigner, incident, 5, root),
      1_679_315_147,
    );
    const witness = makeVkey(crypto, cosignatureKeyName(incident, seat), 4, signer.publicKey);
    expect(witness.keyId).not.toEqual(makeVkey(crypto, witness.name, 1, signer.publicKey).keyId);
    const { text, signatures } = parseCheckpoint(note);
    expect(cosignatureTime(crypto, text, signatures[1]!, witness)).toBe(1_679_315_147);
    const later = signatures[1]!.signature.slice();
    later[7]! += 1;
    expect(cosignatureTime(crypto, text, { ...signatures[1]!, signature: later }, witness)).toBeNull();
    // What is signed, spelt out: cosignature/v1, the time, then the whole text.
    const message = utf8(
      `cosignature/v1\ntime 1679315147\nwarroom/${incident}\n5\n${'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='}\n`,
    );
    expect(crypto.verifyEd25519(signer.publicKey, message, signatures[1]!.signature.subarray(8))).toBe(true);
    const incidentKey = makeVkey(crypto, incidentKeyName(incident), 1, incidentSigner.publicKey);
    expect(verifyCheckpoint(crypto, note, [incidentKey, witness], { strict: true }).signedBy).toEqual([
      incidentKey.name,
      witness.name,
    ]);
    expect(verifyCheckpoint(crypto, note, [incidentKey], { strict: false }).unknown).toBe(1);
    expect(() => verifyCheckpoint(crypto, note, [incidentKey], { strict: true })).toThrow(/not known/);
  });

  it('has the published pre-authentication encoding', () => {
    expect(fromUtf8(pae('http://example.com/HelloWorld', utf8('hello world')))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    // Lengths count bytes.
    expect(fromUtf8(pae('ä', utf8('€')))).toBe('DSSEv1 2 ä 3 €');
  });

  it('opens only envelopes that are canonical, by that key, unchanged', () => {
    const signer = generateSigner();
    const text = signEnvelope(crypto, signer, 'application/vnd.in-toto+json', utf8('{"a":1}'));
    expect(fromUtf8(openEnvelope(crypto, text, signer.publicKey).payload)).toBe('{"a":1}');
    expect(() => openEnvelope(crypto, text, generateSigner().publicKey)).toThrow(/another key/);
    expect(() => openEnvelope(crypto, `${text}\n`, signer.publicKey)).toThrow(/canonical/);
    expect(() => openEnvelope(crypto, text.replace('in-toto', 'in-tota'), signer.publicKey)).toThrow(
      /not valid/,
    );
    const two = JSON.parse(text) as { signatures: unknown[] };
    two.signatures.push(two.signatures[0]);
    expect(() => openEnvelope(crypto, canonicalize(two), signer.publicKey)).toThrow(/one signature/);
  });

  it('verifies a seat’s request, and no other', () => {
    const signer = generateSigner();
    const seat = fingerprint(crypto, signer.publicKey);
    const request = {
      incident,
      seat,
      method: 'm',
      params: { b: 1 },
      nonce: 'n',
      at: 'now',
      head: { size: 1, root: 'x' },
    };
    const signed = signRequest(crypto, signer, request);
    expect(verifyRequest(crypto, signed, signer.publicKey)).toEqual(request);
    expect(() =>
      verifyRequest(crypto, { ...signed, bytes: signed.bytes.replace('"m"', '"x"') }, signer.publicKey),
    ).toThrow(/not valid/);
    expect(() => verifyRequest(crypto, signed, generateSigner().publicKey)).toThrow(/another seat/);
    const other = signRequest(crypto, signer, { ...request, seat: 'someone' });
    expect(() => verifyRequest(crypto, other, signer.publicKey)).toThrow(/another seat/);
  });
});

describe('keys', () => {
  it('go through PEM and back, and are refused when malformed', () => {
    const { publicKey } = generateSigner();
    expect(publicKeyFromPem(publicKeyPem(publicKey))).toEqual(publicKey);
    expect(() => publicKeyFromPem(publicKeyPem(publicKey).trim())).toThrow();
    for (const bad of [
      '',
      'a+b',
      published.vkey.replace('c74f20a3', 'c74f20a4'),
      published.vkey.replace('+ARpc', '+AhpC'),
      `${published.vkey}=`,
    ])
      expect(() => parseVkey(nodeCrypto, bad)).toThrow();
    expect(() => makeVkey(nodeCrypto, 'a b', 1, publicKey)).toThrow();
  });
});

describe('checkpoints', () => {
  const note = signCheckpoint(nodeCrypto, generateSigner(), incident, 3, root);
  it.each([
    ['a fourth line', note.replace('\n\n', '\nmore\n\n')],
    ['a size with a leading zero', note.replace('\n3\n', '\n03\n')],
    ['a short root', note.replace(/\n[A-Za-z0-9+/=]{44}\n/, '\nAAAA\n')],
    ['no signature', `${checkpointText(incident, 3, root)}\n`],
    ['no last line feed', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('—', '-')],
  ])('are refused with %s', (_what, bad) => {
    expect(() => parseCheckpoint(bad)).toThrow();
  });
});

describe('canonical JSON', () => {
  it('is RFC 8785: its example of sorting, numbers and strings', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022\u002f",
      literals: [null, true, false],
    };
    expect(canonicalize(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalize(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonicalize(-0)).toBe('0');
  });

  it('has the published structures, keys that look like numbers in the order of their text', () => {
    const text = '{"1":{"f":{"f":"hi","F":5},"\\n":56.0},"10":{},"":"empty","a":{},"111":[{}],"A":{}}';
    expect(canonicalize(parseJson(text))).toBe(
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
    );
    expect(canonicalize({ 9: 1, 10: 2, 'a\\ud800': 3 })).toBe('{"10":2,"9":1,"a\\\\ud800":3}');
  });

  it('is a fixed point: what was read again is written the same, whatever the value', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const value = randomJson(seeded(seed), 4);
      const text = canonicalize(value);
      expect(canonicalize(parseCanonical(text))).toBe(text);
      expect(parseJson(text)).toEqual(value);
    }
  });

  it('is read as canonical only where it is', () => {
    expect(parseCanonical('{"10":2,"9":1}')).toEqual({ 9: 1, 10: 2 });
    for (const bad of [
      '{"9":1,"10":2}',
      '{"b":1,"a":1}',
      '{"a":1,"a":1}',
      '1.0',
      '1e3',
      '-0',
      ' 1',
      '"\\u0041"',
      '"\\ud800"',
      '"\\/"',
      '9007199254740992',
      '100000000000000000000',
    ])
      expect(() => parseCanonical(bad)).toThrow();
    expect(parseCanonical('1e+21')).toBe(1e21);
    const text = JSON.stringify('x\\"'.repeat(1_000_000));
    expect(parseJson(text)).toBe(JSON.parse(text));
  });

  it('refuses what JSON can’t say', () => {
    for (const bad of [
      NaN,
      Infinity,
      '\ud800',
      { '\udc00': 1 },
      1n,
      () => 1,
      new Date(0),
      new Map(),
      new Uint8Array(2),
    ])
      expect(() => canonicalize(bad)).toThrow();
  });

  it('is read strictly', () => {
    expect(parseJson('{"a":[1,{"b":"\\u00e4"}]}')).toEqual({ a: [1, { b: 'ä' }] });
    for (const bad of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '9007199254740993',
      '"\\ud800"',
      '[1,]',
      '',
      '['.repeat(65) + ']'.repeat(65),
    ])
      expect(() => parseJson(bad)).toThrow();
    expect(() => parseJson('['.repeat(64) + ']'.repeat(64))).not.toThrow();
    // A member like any other: it never becomes a prototype.
    const odd = parseJson('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(Object.keys(odd)).toEqual(['__proto__']);
    expect(odd.admin).toBeUndefined();
    expect(canonicalize(odd)).toBe('{"__proto__":{"admin":true}}');
    expect(parseJson('{"a":{"x":1},"b":{"x":1}}')).toEqual({ a: { x: 1 }, b: { x: 1 } });
  });
});

/** Mulberry32: the same values in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomJson(random: () => number, depth: number): unknown {
  const below = (n: number) => Math.floor(random() * n);
  const text = () =>
    Array.from(
      { length: below(4) },
      () => ['a', '9', '10', '"', '\\', '\n', '\u2028', 'é', '😀', '\ufb33', 'ud8'][below(11)],
    ).join('');
  const kind = below(depth > 0 ? 6 : 4);
  if (kind === 0) return [null, true, false][below(3)];
  if (kind === 1) return text();
  if (kind === 2) return below(2 ** 31) - 2 ** 30;
  if (kind === 3) return (random() - 0.5) * 10 ** (below(35) - 20);
  const items = Array.from({ length: below(5) }, () => randomJson(random, depth - 1));
  return kind === 4 ? items : Object.fromEntries(items.map((item) => [text(), item]));
}
