import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./open-serial.ts', import.meta.url));

export interface Told {
  code: string;
  message: string;
  hint: string;
}

/** What a user without rights (65534, where this process may become it; else this one) is told who opens each path. */
export async function problemsAsNobody(paths: string[]): Promise<Told[]> {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout } = await run(process.execPath, [script, ...paths], nobody);
  return JSON.parse(stdout) as Told[];
}
