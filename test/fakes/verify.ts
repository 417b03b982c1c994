import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { verifyBundle, type Verdict } from '../../main/evidence/verify/verify.ts';

/** What `warroom verify` finds, in this process. */
export function verifyInProcess(path: string, trust: string[] = []): Promise<Verdict> {
  return verifyBundle(path, { trust, crypto: nodeCrypto });
}
