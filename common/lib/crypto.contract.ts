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

/**
 * The edge cases of "Taming the Many EdDSAs" (ed25519-speccheck), where libraries disagree: the answers are those of the
 * equation with the cofactor, no key of small order, canonical encodings only.
 */
const edgeCases: readonly [string, boolean, string, string, string][] = [
  [
    'key and R of small order, S = 0',
    false,
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000',
  ],
  [
    'key of small order',
    false,
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79',
    'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04',
  ],
  [
    'R of small order',
    true,
    'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    'aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e',
  ],
  [
    'key and R of mixed order',
    true,
    'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79',
    '9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009',
  ],
  [
    'key and R of mixed order, only with the cofactor',
    true,
    'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c',
    '160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09',
  ],
  [
    'only with the cofactor',
    true,
    'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c',
    '21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405',
  ],
  [
    'S above the order',
    false,
    '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    'e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514',
  ],
  [
    'S far above the order',
    false,
    '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623',
    '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40',
    '8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22',
  ],
  [
    'R not canonical',
    false,
    'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    'fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607',
  ],
  [
    'R not canonical, hashed so',
    false,
    'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43',
    '84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09',
  ],
];

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

    it.each(edgeCases)('judges as every runtime does: %s → %s', (_what, isValid, key, message, signature) => {
      expect(crypto.verifyEd25519(fromHex(key), fromHex(message), fromHex(signature))).toBe(isValid);
    });

    it('hashes long and many parts as one', () => {
      const long = new Uint8Array(200_000).fill(7);
      const parts = [long.subarray(0, 1), long.subarray(1, 70_000), long.subarray(70_000)];
      expect(crypto.sha256(...parts)).toEqual(crypto.sha256(long));
      expect(crypto.sha512(...parts)).toEqual(crypto.sha512(long));
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
