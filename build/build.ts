import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build as buildElectron } from 'electron-vite';
import { withLock } from './lock.mjs';
import { root, say } from './run.ts';

const sourceFolders = ['common', 'main', 'native', 'preload', 'renderer'];
const sourceFiles = ['electron.config.ts', 'package.json', 'package-lock.json', 'build/build.ts'];
const stampFile = join(root, 'out', '.stamp');

/** Makes out/ match the sources: builds only when their contents changed. Says what it does on stderr only. */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return;
  await withLock(join(root, '.cache', 'build.lock'), async () => {
    if (!isBuilt()) await build();
  });
}

async function build(): Promise<void> {
  const started = performance.now();
  const stamp = sourceStamp();
  rmSync(stampFile, { force: true });
  process.chdir(root);
  const restore = sendStdoutToStderr();
  const environment = process.env['NODE_ENV'];
  // The bundler and React choose by it; whoever builds first must not inherit it.
  process.env['NODE_ENV'] = 'production';
  try {
    await buildElectron({ configFile: join(root, 'electron.config.ts'), root, logLevel: 'warn' });
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
    restore();
  }
  writeFileSync(stampFile, stamp);
  say(`War Room: built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function isBuilt(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp();
}

/** A digest over the names and contents of every source; tests are not built, so they don't count. */
function sourceStamp(): string {
  const hash = createHash('sha256');
  const files = [...sourceFiles.map((file) => join(root, file)), ...sourceFolders.flatMap(filesIn)];
  for (const file of files.filter(existsSync)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The bundler writes to stdout; commands that are built first own it. */
function sendStdoutToStderr(): () => void {
  const write = process.stdout.write;
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return () => {
    process.stdout.write = write;
  };
}

if (import.meta.main) await ensureBuilt();
