import type { Crypto } from '../../../common/lib/crypto.ts';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { verifyBag } from './any-bag.ts';
import { verifyBundle, type Verdict } from './verify.ts';

export interface VerifyArguments {
  bundle?: string;
  /** VKEYs of devices; empty: no anchor. */
  trust: string[];
  /** Any BagIt bag instead of a bundle. */
  bag?: string;
}

export interface VerifySetting {
  crypto: Crypto;
  out(line: string): void;
  err(line: string): void;
}

/** Runs `warroom verify` and answers its exit code (FORMATS, Bundle). */
export async function runVerify(args: VerifyArguments, setting: VerifySetting): Promise<number> {
  if (args.bag !== undefined) return runBag(args.bag, setting);
  if (args.bundle === undefined) {
    setting.err('warroom verify: name a bundle, or a bag with --bag.');
    return 2;
  }
  try {
    return report(await verifyBundle(args.bundle, { trust: args.trust, crypto: setting.crypto }), setting);
  } catch (error) {
    if (!(error instanceof WarroomError)) throw error;
    setting.err(`warroom verify: ${error.message}`);
    return 2;
  }
}

/** Two lines that scripts read, then what else is to be known. */
function report(verdict: Verdict, { out, err }: VerifySetting): number {
  const { device, takenOver, trusted, withheld = 0, size = 0 } = verdict;
  if (!verdict.intact || !device) {
    out(`intact: no (${verdict.why}, ${verdict.file})`);
    out('signed by: not established');
    return 1;
  }
  out('intact: yes');
  out(`signed by: ${device.name} ${device.fingerprint} ${trusted ? 'trusted' : 'unknown'}`);
  for (const { seq, name, fingerprint } of takenOver)
    out(`taken over at seq ${seq} by ${name} ${fingerprint}`);
  if (withheld > 0) out(`${withheld} of ${size} bodies withheld`);
  if (trusted === null) err('warning: origin not established (no key to compare with; give --trust VKEY)');
  if (trusted === false) err('The device that signed this is none of those trusted.');
  return trusted === false ? 1 : 0;
}

function runBag(path: string, { out, err }: VerifySetting): number {
  try {
    const { problems, warnings } = verifyBag(path);
    for (const warning of warnings) err(`warning: ${warning}`);
    for (const problem of problems) err(problem);
    out(problems.length === 0 ? 'valid' : 'invalid');
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    err(`warroom verify: ${messageOf(error)}`);
    return error instanceof WarroomError && error.code === 'not-found' ? 2 : 1;
  }
}
