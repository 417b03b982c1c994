import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from './bytes.ts';
import type { Crypto } from './crypto.ts';

/** RFC 8032, 7.1: secret key's public key, message, signature. */
const rfc8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const groupOrder = BigInt('0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');

/** S + L: the same point equation, another signature. */
function malleated(signature: Uint8Array): Uint8Array {
  let s = groupOrder;
  for (let i = 31; i >= 0; i--) s += BigInt(signature[32 + i]!) << BigInt(8 * i);
  const bytes = signature.slice();
  for (let i = 0; i < 32; i++) bytes[32 + i] = Number((s >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

/** What every runtime's `Crypto` must do, to the letter. */
export function cryptoContract(name: string, crypto: Crypto): void {
  describe(`Crypto of ${name}`, () => {
    it('hashes as FIPS 180-4 says, parts joined', () => {
      expect(toHex(crypto.sha256(utf8('abc')))).toBe(
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      );
      expect(toHex(crypto.sha256(utf8('a'), utf8(''), utf8('bc')))).toBe(toHex(crypto.sha256(utf8('abc'))));
      expect(toHex(crypto.sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
      expect(toHex(crypto.sha512(utf8('abc')))).toBe(
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      );
    });

    it.each(rfc8032)('accepts the signature of RFC 8032 by %s', (key, message, signature) => {
      const verify = (m: string, s: Uint8Array) => crypto.verifyEd25519(fromHex(key), fromHex(m), s);
      expect(verify(message, fromHex(signature))).toBe(true);
      expect(verify(`${message}00`, fromHex(signature))).toBe(false);
      expect(verify(message, malleated(fromHex(signature)))).toBe(false);
      for (const at of [0, 31, 32, 63]) {
        const flipped = fromHex(signature);
        flipped[at]! ^= 1;
        expect(verify(message, flipped)).toBe(false);
      }
    });

    it('answers false, never an exception, for malformed keys and signatures', () => {
      const [key, , signature] = rfc8032[0].map((hex) => fromHex(hex)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      const none = new Uint8Array();
      expect(crypto.verifyEd25519(key.subarray(1), none, signature)).toBe(false);
      expect(crypto.verifyEd25519(key, none, signature.subarray(1))).toBe(false);
      expect(crypto.verifyEd25519(new Uint8Array(32).fill(255), none, signature)).toBe(false);
      // y = 2 is no point of the curve.
      expect(
        crypto.verifyEd25519(
          Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0)),
          none,
          signature,
        ),
      ).toBe(false);
    });

    it('refuses keys of small order, which would sign anything', () => {
      const smallOrderKeys = [
        '0100000000000000000000000000000000000000000000000000000000000000',
        '0100000000000000000000000000000000000000000000000000000000000080',
        'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
        '0000000000000000000000000000000000000000000000000000000000000000',
        '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
        'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      ];
      const identityR = `01${'00'.repeat(31)}`;
      for (const key of smallOrderKeys)
        expect(
          crypto.verifyEd25519(fromHex(key), utf8('anything'), fromHex(identityR + '00'.repeat(32))),
        ).toBe(false);
    });
  });
}
