/** `warroom ladder` on the rig, in a process of its own as a person runs it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPtyPorts, rigProfile, startRig, type BoardPorts, type Rig } from '../../main/drill/index.ts';
import { forkChild } from '../../main/platform/node/children.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'warroom-ladder-command-'));
const profile = join(folder, 'rig.yaml');
const scratch = join(folder, 'tmp');

let ports: BoardPorts;
let rig: Rig;
beforeAll(async () => {
  mkdirSync(scratch);
  ports = createPtyPorts(() => forkChild('pty-host'));
  const log = (message: string) => expect.fail(message);
  // The line has run for a while: what it made is kept by the services, as on any morning.
  rig = await startRig({ seed: 3, historySeconds: 900, folder, ports, ephemeral: true, log });
  for (const { id } of rig.devices) rig.goOn(id);
  writeFileSync(profile, rigProfile(rig));
});
afterAll(async () => {
  await rig.close();
  ports.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  suggested: number | null;
  findings: {
    check: string;
    rung: number;
    result: string;
    says: string;
    evidence: { name: string; sha256: string; file: string }[];
  }[];
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, 'ladder', '--data', folder, ...args], {
    env: { ...process.env, TMPDIR: scratch, INIT_CWD: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended };
}

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { child, ended } = start(...args);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}
const toldBy = (out: string) => JSON.parse(out) as Told;

describe('warroom ladder', () => {
  it('passes on a healthy rig, and keeps what that rests on', async () => {
    const { code, out, err } = await run(profile, '--json', '--listen', '3', '--evidence', 'kept');
    expect(code, err).toBe(0);
    const { suggested, findings } = toldBy(out);
    expect(suggested).toBeNull();
    expect(findings.filter(({ result }) => !['pass', 'unknown'].includes(result))).toEqual([]);
    expect(findings.map(({ rung }) => rung)).toEqual(findings.map(({ rung }) => rung).sort());
    const passed = findings.filter(({ result }) => result === 'pass').map(({ check }) => check);
    for (const { id } of rig.devices) expect(passed).toContain(`tools.device ${id}`);
    for (const name of ['cv', 'llm', 'dashboard']) expect(passed).toContain(`tools.service ${name}`);
    const kept = findings.flatMap(({ evidence }) => evidence);
    expect(kept.length).toBeGreaterThan(5);
    for (const { file, sha256 } of kept)
      expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(sha256);
    expect(readdirSync(scratch)).toEqual([]);
  }, 60_000);

  it('says which rung to look at first, and what that rests on', async () => {
    await rig.setFault('service-down', true, { target: 'llm' });
    await rig.setFault('unplug', true, { target: 'cell-b' });
    try {
      const { code, out } = await run(
        profile,
        '--listen',
        '1',
        '--only',
        'tools.service',
        'tools.device cell-b',
      );
      expect(code).toBe(1);
      const lines = out.trimEnd().split('\n');
      expect(lines[0]).toBe('3  Tool failure');
      expect(lines.find((line) => line.includes('tools.service cv'))).toMatch(/^ {2}pass/);
      const at = lines.indexOf('Look at rung 3 first: Tool failure. It rests on:');
      expect(lines.slice(at + 1)).toEqual(['  fail     tools.service llm', '  fail     tools.device cell-b']);
      expect(lines.filter((line) => line.startsWith('           next: ')).length).toBeGreaterThanOrEqual(2);
    } finally {
      await rig.setFault('unplug', false);
      await rig.setFault('service-down', false);
    }
  }, 40_000);

  it('exits 2 for a profile that is none, and for a check that it has not', async () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'name: x\nservices:\n  - { name: cv, url: nowhere }\n');
    writeFileSync(join(folder, 'empty.yaml'), 'name: x\n');
    const seen = await Promise.all([
      run('missing.yaml'),
      run('wrong.yaml'),
      run('empty.yaml'),
      run(profile, '--only', 'tools.weather'),
    ]);
    expect(seen.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(seen[1].err).toContain('line 3: services.0.url');
    expect(seen[3].err).toContain('tools.service cv');
    expect(seen.map(({ out }) => out).join('')).toBe('');
  }, 40_000);

  it('ends by Ctrl-C without anything left', async () => {
    const { child, ended } = start(profile, '--json', '--listen', '600');
    const out = text(child.stdout);
    let said = '';
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ctrl-C ends it.')) resolve();
      }),
    );
    expect(readdirSync(scratch)).not.toEqual([]);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await out).toBe('');
    expect(readdirSync(scratch)).toEqual([]);
  }, 40_000);
});
