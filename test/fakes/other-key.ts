import { deviceKeyName, encodeVkey, makeVkey } from '../../common/ledger/vkey.ts';
import { generateSigner, nodeCrypto } from '../../main/platform/node/crypto.ts';

/** A fresh device key that nobody knows. */
export function unknownDevice(): string {
  const { publicKey } = generateSigner();
  return encodeVkey(makeVkey(nodeCrypto, deviceKeyName(nodeCrypto, publicKey), 1, publicKey));
}
