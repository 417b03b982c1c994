import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from './lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockModule = new URL('./lock.ts', import.meta.url).href;

/** Another process that takes the lock and holds it until it is killed. */
async function otherHolder() {
  const script = `
    const { takeLock } = await import(${JSON.stringify(lockModule)});
    takeLock(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of an incident', () => {
  it('is refused while its process lives, naming it, and taken over once that was killed', async () => {
    const child = await otherHolder();
    try {
      expect(() => takeLock(path)).toThrow(new RegExp(`in process ${child.pid}`));
      expect(() => takeLock(path)).toThrow(
        expect.objectContaining({ code: 'taken', data: { pid: child.pid } }),
      );
    } finally {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    const lock = takeLock(path);
    expect(lock.stale).toBe(child.pid);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it('holds within one process too', () => {
    const lock = takeLock(path);
    expect(lock.stale).toBeNull();
    expect(() => takeLock(path)).toThrow(/open already/);
    lock.release();
    takeLock(path).release();
  });

  it.skipIf(process.platform !== 'linux')('is stale when its number is another process’s by now', () => {
    takeLock(path);
    const held = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; started: string };
    writeFileSync(path, JSON.stringify({ ...held, started: held.started.replace(/\d+$/, '1') }));
    expect(takeLock(path).stale).toBe(process.pid);
    // After a restart of the machine the same number and even the same tick mean nothing.
    writeFileSync(path, JSON.stringify({ ...held, started: held.started.replace(/^[^/]+/, 'boot') }));
    expect(takeLock(path).stale).toBe(process.pid);
  });

  it('without content is being written, and stale only after a while', () => {
    writeFileSync(path, '');
    expect(() => takeLock(path)).toThrow(/being opened/);
    utimesSync(path, new Date(0), new Date(0));
    expect(takeLock(path).stale).toBe(0);
  });

  it('is not given back when it is another’s by now', () => {
    const lock = takeLock(path);
    writeFileSync(path, 'another');
    lock.release();
    expect(readFileSync(path, 'utf8')).toBe('another');
  });
});
