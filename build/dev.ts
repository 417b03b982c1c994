import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { root, say } from './run.ts';

// npm run dev [-- --drill …]: builds, serves, and on every change of a source builds again. A change of the host's side
// restarts the host; a change of the page alone needs only a reload in the browser. The whole build takes a second or
// two, so nothing cleverer (no middleware, no hot modules) stands between the source and what is shipped.

const SETTLE_MS = 150;
const folders = ['common', 'main', 'native', 'renderer', 'preload'].filter((folder) =>
  existsSync(join(root, folder)),
);

let host: ChildProcess | null = null;
let hostIsOld = false;
let building = false;
let timer: NodeJS.Timeout | undefined;

function startHost(args: string[]): void {
  const child = spawn(process.execPath, [join(root, 'out', 'main', 'cli.js'), 'serve', ...args], {
    stdio: 'inherit',
  });
  child.once('exit', (code) => {
    if (host === child)
      say(`War Room: the host ended (code ${code ?? 'none'}); it starts again with the next change.`);
  });
  host = child;
}

/** Ends the host and waits for it: its lock and its port must be free for the next. */
function stopHost(): Promise<void> {
  const child = host;
  host = null;
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function rebuild(): Promise<void> {
  if (building) return changed();
  building = true;
  try {
    await ensureBuilt();
    if (hostIsOld || !host) {
      await stopHost();
      hostIsOld = false;
      startHost(process.argv.slice(2));
    }
  } catch (error) {
    say(`War Room: not built: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    building = false;
  }
}

function changed(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void rebuild(), SETTLE_MS);
}

for (const folder of folders) {
  watch(join(root, folder), { recursive: true }, (_event, file) => {
    if (file && /\.test\.tsx?$/.test(file)) return;
    if (folder !== 'renderer') hostIsOld = true;
    changed();
  });
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void stopHost().then(() => process.exit(0)));
}
await rebuild();
