import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const BEAT_MS = 2000;
/** A holder touches its lock every two seconds: an older one is a leftover, whoever has its number now. */
const STALE_MS = 15_000;

/**
 * Runs `work` while this process alone holds the lock file. Built-ins only: it is used before anything is installed.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when another process holds it
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  let waited = false;
  while (!take(path)) {
    if (!waited) onWait?.();
    waited = true;
    if (isStale(path)) discard(path);
    else await wait(150);
  }
  const beat = setInterval(() => touch(path), BEAT_MS);
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function touch(path) {
  const now = new Date();
  // Gone means that someone took it for a leftover; the work goes on, its end removes nothing of theirs twice.
  if (readHolder(path) === process.pid) utimesSync(path, now, now);
}

function isStale(path) {
  const holder = readHolder(path);
  if (holder === null) return false;
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
  return holder > 0 && !isAlive(holder);
}

/** Null when there is no lock; 0 while its holder has not written its number yet. */
function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || 0;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Moves a leftover away. Of two that try, one rename wins; the other finds nothing and goes round again. */
function discard(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
