// Runs a TypeScript file of this project with the right Node, after installing what the lock file names when that
// changed. Built-ins only, and plain enough for Node 18: it is the one file that runs before anything is installed.
//   node build/bootstrap.mjs FILE.ts [ARGS]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.warroom-stamp');
const NODE_MAJOR = 24;

/** Our own lines go to stderr: stdout belongs to the command that is run. */
const say = (text) => process.stderr.write(`${text}\n`);

function stop(code, text) {
  say(text);
  process.exit(code);
}

/** What is installed follows from the lock file and the platform. */
function wantedStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();
}

/** npm as it started us, or the one on PATH (pnpm and yarn do not read this lock file). */
function npmCommand() {
  const path = process.env.npm_execpath ?? '';
  if (/npm-cli\.(c?js)$/.test(path)) return { command: process.execPath, args: [path], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

async function install() {
  const started = Date.now();
  say('War Room: installing what package-lock.json names (once; about half a minute)…');
  const npm = npmCommand();
  const env = { ...process.env };
  // `npm run -s` would silence a failing install too.
  delete env.npm_config_loglevel;
  const args = [
    ...npm.args,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
  ];
  const code = await run(npm.command, args, { cwd: root, env, shell: npm.shell, stdio: ['ignore', 2, 2] });
  if (code !== 0) {
    stop(
      code,
      `War Room: npm ci failed (code ${code}). Its reason is above.\n` +
        'Check the connection to the npm registry and the free space on this disk, then run the same command again.',
    );
  }
  writeFileSync(stampFile, wantedStamp());
  say(`War Room: installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** The locked Node of this platform, or the one that runs this where none is published for it (a Mac). */
function findNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const locked = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', binary);
  if (existsSync(locked)) return locked;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return stop(
    1,
    `War Room needs Node ${NODE_MAJOR}; this is ${process.version}, and none comes with it for ${process.platform}-${process.arch}.\n` +
      `Install Node ${NODE_MAJOR} (https://nodejs.org), then run the same command again.`,
  );
}

/**
 * npm passes TERM to the shell between it and us, which ends without passing it on: the sign of that is a new parent.
 * @param {() => void} onOrphaned
 */
function watchParent(onOrphaned) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, 200);
  return timer;
}

/** Runs a program to its end, passing signals on to it. Resolves to its exit code, 128 + n for signal n. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the child as well: it would get it twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const watch = watchParent(() => child.kill('SIGTERM'));
    child.once('error', (error) => stop(1, `War Room: ${command} did not start: ${error.message}`));
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      clearInterval(watch);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

async function main([file, ...args]) {
  if (!file) stop(2, 'usage: node build/bootstrap.mjs FILE.ts [ARGS]');
  if (!isInstalled()) {
    const waiting = () => say('War Room: another command is installing; waiting for it…');
    const work = async () => (isInstalled() ? undefined : install());
    await withLock(join(root, '.cache', 'install.lock'), work, waiting);
  }
  const node = findNode();
  const env = { ...process.env };
  // Windows calls it Path: setting a second PATH there would lose one of them.
  const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathKey] = dirname(node) + delimiter + (env[pathKey] ?? '');
  process.exit(await run(node, [join(root, file), ...args], { env, stdio: 'inherit' }));
}

await main(process.argv.slice(2));
