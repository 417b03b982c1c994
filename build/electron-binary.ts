import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root } from './run.ts';
import { hasDisplay } from './system.ts';

const folder = join(root, 'node_modules', 'electron');
const FETCH_LIMIT_MS = 60_000;

/** Electron's program when its binary is here. Never `import 'electron'` for this: under Node that starts a download. */
export function findElectron(): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** Why no window can be opened here, in words for the person; null when one can. */
export function windowProblem(): string | null {
  if (!hasDisplay()) return 'there is no display';
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return "Electron's sandbox does not start for root";
  return null;
}

/** Fetches the binary with a time limit. Answers its program, or why it did not come. */
export async function fetchElectron(): Promise<{ binary: string } | { problem: string }> {
  const limit = AbortSignal.timeout(FETCH_LIMIT_MS);
  const { code, output } = await capture(process.execPath, [join(folder, 'install.js')], limit);
  const binary = findElectron();
  if (binary) return { binary };
  if (limit.aborted) return { problem: `its download took more than ${FETCH_LIMIT_MS / 1000} s` };
  const reason =
    output.split('\n').find((line) => /error/i.test(line)) ?? `its installer ended with code ${code}`;
  return { problem: reason.trim().slice(0, 160) };
}
