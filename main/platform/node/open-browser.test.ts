import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from './open-browser.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-open-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const url = 'http://127.0.0.1:1234/?a="b"&c=d#t=secret';

describe.runIf(process.platform === 'linux')('opening the browser', () => {
  it('gives the opener a file, and the link only inside it', async () => {
    const heard = join(folder, 'heard');
    execFileSync('mkfifo', [heard]);
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$*" > '${heard}'\n`);
    chmodSync(join(folder, 'xdg-open'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    expect(await openBrowser(folder, url)).toBe(true);
    const given = await readFile(heard, 'utf8');
    expect(given).not.toContain('secret');
    const page = readFileSync(fileURLToPath(given), 'utf8');
    expect(page).toContain('content="0;url=http://127.0.0.1:1234/?a=&quot;b&quot;&amp;c=d#t=secret"');
  });

  it('answers false when the system has no opener, and its file is for this user only', async () => {
    vi.stubEnv('PATH', folder);
    writeFileSync(join(folder, 'open.html'), 'of an earlier run', { mode: 0o644 });
    expect(await openBrowser(folder, url)).toBe(false);
    expect(statSync(join(folder, 'open.html')).mode & 0o777).toBe(0o600);
  });
});
