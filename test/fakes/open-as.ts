import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./open-serial.ts', import.meta.url));

/** What a user without rights (65534, where this process may become it; else this one) is told who opens the path. */
export async function problemAsNobody(
  path: string,
): Promise<{ code: string; message: string; hint: string }> {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await run(process.execPath, [script, path], nobody);
  return JSON.parse(stdout) as { code: string; message: string; hint: string };
}
