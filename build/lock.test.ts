import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-lock-'));
  lock = join(folder, 'deep', 'install.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that takes the lock, says `in`, and leaves when its input ends. */
function holder() {
  const module = join(import.meta.dirname, 'lock.mjs');
  const code = `import { withLock } from ${JSON.stringify(module)};
    await withLock(${JSON.stringify(lock)}, async () => {
      console.log('in');
      await new Promise((resolve) => process.stdin.on('end', resolve).resume());
      console.log('out');
    }, () => console.log('waiting'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const says = async (text: string) => {
    while (!said.includes(text)) await once(child.stdout, 'data');
  };
  return { child, says, said: () => said };
}

test('two processes are never in it at once, and the second says once that it waits', async () => {
  const first = holder();
  await first.says('in');
  const second = holder();
  await second.says('waiting');
  expect(second.said()).not.toContain('in\n');
  first.child.stdin.end();
  await second.says('in\n');
  expect(first.said()).toContain('out');
  second.child.stdin.end();
  await once(second.child, 'exit');
  expect(second.said().match(/waiting/g)).toHaveLength(1);
  expect(existsSync(lock)).toBe(false);
});

test('the lock of a process that was killed is taken over', async () => {
  const killed = holder();
  await killed.says('in');
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  expect(existsSync(lock)).toBe(true);
  expect(await withLock(lock, async () => 'taken')).toBe('taken');
});

test('a lock that nobody touched for long is a leftover, whoever has its number now', async () => {
  await withLock(lock, async () => undefined);
  writeFileSync(lock, String(process.pid));
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withLock(lock, async () => 'taken')).toBe('taken');
});

test('it is released when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
