import { runVerify } from '../evidence/verify/cli.ts';
import { defaultDataFolder } from '../platform/node/data-folder.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { knownDeviceKeys } from '../ledger/keys.ts';

/** `warroom verify`: the exit code says what was found (FORMATS, Bundle). */
export async function verifyCommand(
  bundle: string | undefined,
  options: { trust?: string[]; bag?: string },
): Promise<number> {
  return runVerify(
    {
      ...(bundle !== undefined && { bundle }),
      trust: options.trust ?? (await knownDeviceKeys(defaultDataFolder())),
      ...(options.bag !== undefined && { bag: options.bag }),
    },
    {
      crypto: nodeCrypto,
      out: (line) => void process.stdout.write(`${line}\n`),
      err: (line) => void process.stderr.write(`${line}\n`),
    },
  );
}
