import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTerminal, type Terminal } from '../../main/terminal/index.ts';
import { forkChild } from '../../main/platform/node/children.ts';
import { anchorNow, createClock } from '../../main/platform/node/clock.ts';
import { createTerminalPage, type TerminalPage } from '../fakes/terminal-page.ts';
import { createMemoryLedger, technician, type MemoryLedger } from '../fakes/memory-ledger.ts';

const clock = createClock(anchorNow());
const platform = { clock, random: (bytes: number) => randomBytes(bytes), fork: forkChild };
let folder: string;
let home: string;
let ledger: MemoryLedger;
let terminal: Terminal;
const logged: string[] = [];

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const recorded = (session: string) => readFileSync(join(folder, `${session}.bytes`));
const timingOf = (session: string) => readFileSync(join(folder, `${session}.timing`), 'utf8');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-sessions-'));
  home = mkdtempSync(join(tmpdir(), 'warroom-home-'));
  writeFileSync(join(home, '.bashrc'), 'HISTCONTROL=ignoreboth\nFROM_RC=yes\nPS1="$ "\n');
  ledger = await createMemoryLedger({ clock });
  terminal = makeTerminal('/bin/bash');
  await terminal.start({ ledger, folder });
});

afterEach(async () => {
  await terminal.close();
  rmSync(folder, { recursive: true });
  rmSync(home, { recursive: true });
  expect(logged.splice(0)).toEqual([]);
});

function makeTerminal(shell: string, path = process.env.PATH): Terminal {
  return createTerminal({
    platform,
    env: { HOME: home, PATH: path, SHELL: shell, LANG: 'C.UTF-8', PS1: 'ready> ', WARROOM_TOKEN: 'secret' },
    log: (message, error) => logged.push(`${message} ${String(error)}`),
  });
}

async function open(size = { cols: 80, rows: 24 }): Promise<{ session: string; page: TerminalPage }> {
  const session = await terminal.openShell({ ...size, actor: technician, cwd: home });
  const page = createTerminalPage();
  await terminal.attach(session, page, true);
  await page.shows('633;B');
  return { session, page };
}

/** Types a line and waits for the entry of its end. */
async function run(page: TerminalPage, keys: string) {
  const before = ledger.of('command.ended').length;
  await page.type(`${keys}\r`);
  await ledger.next('command.ended', () => ledger.of('command.ended').length > before);
  const ended = ledger.of('command.ended').at(-1)!.body.data;
  const started = ledger.of('command.started').find((entry) => entry.head.id === ended.command)!;
  return {
    ...ended,
    line: started.body.data.line,
    quality: started.body.data.quality,
    actor: started.head.actor,
  };
}

/** The prompt after the last command is there and takes keys. */
async function settled(page: TerminalPage) {
  await page.shows('633;A', page.text().lastIndexOf('633;D'));
  await page.shows('633;B', page.text().lastIndexOf('633;A'));
}

async function leave(page: TerminalPage, session: string) {
  await page.type('exit\r');
  return ledger.next('session.ended', (data) => data.session === session);
}

describe('commands of a bash', () => {
  it('are reported whole, with exit, place and digest of their output', async () => {
    const { session, page } = await open();
    const chained = await run(page, 'echo a | cat && echo b; echo c');
    expect(chained).toMatchObject({ line: 'echo a | cat && echo b; echo c', exit: 0, quality: 'shell' });
    expect(chained.actor).toEqual(technician);
    const output = recorded(session).subarray(chained.from, chained.to);
    expect(output.toString()).toBe('a\r\nb\r\nc\r\n');
    expect(chained.digest).toBe(sha256(output));
    expect(await terminal.commandOutput(chained.command)).toEqual({
      bytes: new Uint8Array(output),
      text: 'a\nb\nc\n',
    });
    expect(await run(page, ' (exit 42)')).toMatchObject({
      line: ' (exit 42)',
      exit: 42,
    });
    expect(await run(page, 'echo again')).toMatchObject({ exit: 0 });
    expect(await run(page, 'echo again')).toMatchObject({ line: 'echo again' });
    expect(await run(page, "printf '%s\\n' 'a;b' é")).toMatchObject({ line: "printf '%s\\n' 'a;b' é" });
  });

  it('may have several lines; an empty line, Ctrl-C and a syntax error are none', async () => {
    const { page } = await open();
    expect(await run(page, 'for i in 1 2; do\recho $i\rdone')).toMatchObject({
      line: 'for i in 1 2; do\necho $i\ndone',
    });
    expect(await run(page, 'cat <<X\rone; \\two\rX')).toMatchObject({ line: 'cat <<X\none; \\two\nX' });
    const prompt = async (keys: string, shown: string) => {
      const before = page.text().length;
      await page.type(keys);
      await page.shows(shown, before);
    };
    const numbered = /633;A;[0-9a-f]+-(\d+)/g;
    const nextPrompt = () => `-${Number([...page.text().matchAll(numbered)].at(-1)![1]) + 1}\x07`;
    await settled(page);
    await prompt('\r', nextPrompt());
    await settled(page);
    await prompt('never run', 'never run');
    await prompt('\x03', nextPrompt());
    await settled(page);
    await prompt('if fi\r', 'syntax error');
    expect(await run(page, '\x1b[200~echo p1\necho p2\x1b[201~')).toMatchObject({ line: 'echo p1\necho p2' });
    expect(ledger.of('command.started').length).toBe(3);
  });

  it('leave the person’s own settings as they were, and the shell sees nothing of the host’s', async () => {
    const { session, page } = await open();
    const { from, to } = await run(
      page,
      'echo "$FROM_RC,$HISTCONTROL,${HISTFILE##*/},$?"; env | grep -c WARROOM_',
    );
    expect(recorded(session).subarray(from, to).toString()).toBe('yes,ignoreboth,.bash_history,0\r\n0\r\n');
    await run(page, ' echo unkept');
    await leave(page, session);
    expect(readFileSync(join(home, '.bash_history'), 'utf8')).not.toContain('unkept');
  });

  it('know the folder they ran in', async () => {
    const { page } = await open();
    await run(page, 'mkdir "a;b" && cd "a;b"');
    await run(page, 'true');
    expect(ledger.of('command.started').map((entry) => entry.body.data.cwd)).toEqual([
      home,
      join(home, 'a;b'),
    ]);
  });

  it('can’t be forged by a program, nor by a replay of the session’s own bytes', async () => {
    const { session, page } = await open();
    await run(page, 'true');
    const forged = "printf '\\e]633;E;rm -rf /;fake\\a\\e]633;C;fake\\a\\e]633;D;0\\a\\e]133;C\\a'; false";
    expect(await run(page, forged)).toMatchObject({ line: forged, exit: 1 });
    const replay = `cat ${join(folder, `${session}.bytes`)}; (exit 3)`;
    expect(await run(page, replay)).toMatchObject({ line: replay, exit: 3 });
    expect(ledger.of('command.started').length).toBe(3);
  });

  it('of another shell inside are marked when it prints OSC 133', async () => {
    const { page } = await open();
    const inner = "printf '\\e]133;A\\a> \\e]133;B\\aremote ls\\r\\n\\e]133;C\\afile\\n\\e]133;D;4\\a'";
    await run(page, inner);
    await ledger.next('command.ended', (data) => data.exit === 0);
    const [outer, marked] = ledger.of('command.started').map((entry) => entry.body.data);
    expect(outer).toMatchObject({ line: inner, quality: 'shell' });
    expect(marked).toMatchObject({ line: 'remote ls', quality: 'marked' });
    const ends = ledger.of('command.ended').map((entry) => entry.body.data);
    expect(ends.map((end) => end.exit)).toEqual([4, 0]);
    expect(ends[0]!.digest).toBe(sha256(Buffer.from('file\r\n')));
  });

  it('that end the shell end with it', async () => {
    const { session, page } = await open();
    await page.type("printf 'last words'; exit 5\r");
    const end = await ledger.next('session.ended');
    expect(end.body.data).toMatchObject({ session, exit: 5, signal: null });
    expect(ledger.of('command.ended')[0]!.body.data).toMatchObject({ exit: 5 });
    expect(recorded(session).toString()).toMatch(/last wordsexit\r\n$/);
  });
});

describe('a recording', () => {
  it('keeps every byte of a full-screen program and is named by digest at its end', async () => {
    const { session, page } = await open();
    const screen = Buffer.from(
      '\x1b[?1049h\x1b[2J\x1b[1;1H\x1b[38;5;9m\xff\xfe\x00~\x1b]0;t\x07\x1b[?1049l',
      'latin1',
    );
    writeFileSync(join(home, 'screen'), screen);
    const { from, to } = await run(page, 'stty -opost; cat screen; stty opost');
    expect(recorded(session).subarray(from, to)).toEqual(screen);
    const end = await leave(page, session);
    await page.closed;
    expect(end.body.data.files).toEqual([`sessions/${session}.bytes`, `sessions/${session}.timing`]);
    expect(end.body.evidence).toEqual([
      {
        sha256: sha256(recorded(session)),
        bytes: recorded(session).length,
        media: 'application/octet-stream',
      },
      {
        sha256: sha256(Buffer.from(timingOf(session))),
        bytes: timingOf(session).length,
        media: 'text/plain',
      },
    ]);
  });

  it('is played by scriptreplay, with its sizes', async () => {
    const { session, page } = await open({ cols: 91, rows: 31 });
    await terminal.resize(session, 100, 40);
    const { from, to } = await run(page, 'stty size');
    expect(recorded(session).subarray(from, to).toString()).toBe('40 100\r\n');
    await leave(page, session);
    const timing = timingOf(session);
    expect(timing).toMatch(
      /^H 0\.000000 START_TIME .*\n(.*\n)*H 0\.000000 COLUMNS 91\nH 0\.000000 LINES 31\n/,
    );
    expect(timing).toMatch(/\nS \d+\.\d{6} SIGWINCH ROWS=40 COLS=100\n/);
    expect(timing).toMatch(/\nH \d+\.\d{6} DURATION \d+\.\d{6}\nH 0\.000000 EXIT_CODE 0\n$/);
    if (spawnSync('scriptreplay', ['--version']).error) return;
    const log = join(folder, 'x.log');
    writeFileSync(log, Buffer.concat([Buffer.from('\n'), recorded(session)]));
    const args = ['--log-io', log, '--log-timing', join(folder, `${session}.timing`), '--divisor', '1000'];
    expect(execFileSync('scriptreplay', [...args, '--maxdelay', '0.001'])).toEqual(
      Buffer.concat([recorded(session), Buffer.from('\n')]),
    );
  });

  it('takes 20 MB whole, with its window held, while a page that takes nothing looks on', async () => {
    const { session, page } = await open();
    const stuck = createTerminalPage(10);
    await terminal.attach(session, stuck, false);
    const started = performance.now();
    const before = process.memoryUsage().rss;
    const flood = await run(page, 'stty -opost; yes | head -c 20000000; stty opost');
    const seconds = (performance.now() - started) / 1000;
    const grown = process.memoryUsage().rss - before;
    expect(flood.to - flood.from).toBe(20_000_000);
    const expected = Buffer.alloc(20_000_000, 'y\n');
    expect(flood.digest).toBe(sha256(expected));
    expect(recorded(session).subarray(flood.from, flood.to).equals(expected)).toBe(true);
    expect(grown).toBeLessThan(150e6);
    process.stdout.write(`20 MB in ${seconds.toFixed(2)} s, ${(grown / 1e6).toFixed(0)} MB more memory\n`);
    stuck.give(2_000_000);
    expect(stuck.text()).toContain('bytes not shown here');
    expect(stuck.received).toBeLessThan(600_000);
  }, 60_000);

  it('has the bytes that come with the exit', async () => {
    const { session, page } = await open();
    await page.type('stty -opost; exec head -c 3000000 /dev/zero\r');
    const end = await ledger.next('session.ended', (data) => data.session === session);
    expect(end.body.data.exit).toBe(0);
    const zeros = recorded(session).filter((byte) => byte === 0).length;
    expect(zeros).toBe(3_000_000);
  });

  it('can be sealed while it goes on', async () => {
    const { session, page } = await open();
    await run(page, 'echo one');
    const [part] = await terminal.sealOpenParts();
    expect(part!.session).toBe(session);
    const timing = part!.files.find((file) => file.name.endsWith('.timing'))!;
    const bytes = part!.files.find((file) => file.name.endsWith('.bytes'))!;
    await run(page, 'echo two');
    await leave(page, session);
    const [timingPart, bytesPart] = [timing, bytes].map((file) =>
      readFileSync(file.path).subarray(0, file.bytes),
    );
    expect(sha256(timingPart!)).toBe(timing.sha256);
    expect(sha256(bytesPart!)).toBe(bytes.sha256);
    expect(timingPart!.toString()).toMatch(/\nH \d+\.\d{6} DURATION \d+\.\d{6}\n$/);
    const named = [...timingPart!.toString().matchAll(/^O \S+ (\d+)$/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    expect(named).toBe(bytes.bytes);
  });
});

describe('pages', () => {
  it('that attach later see what was printed; those who may not type are not heard', async () => {
    const { session, page } = await open();
    await run(page, 'echo before');
    const observer = createTerminalPage();
    await terminal.attach(session, observer, false);
    expect(observer.text()).toContain('before\r\n');
    await observer.type('echo intruder\r');
    await run(page, 'echo after');
    expect(observer.text()).toContain('after\r\n');
    expect(observer.text()).not.toContain('intruder');
    await leave(page, session);
    await observer.closed;
    const late = createTerminalPage();
    await terminal.attach(session, late, true);
    expect(late.text()).toContain('after\r\n');
    expect(late.hasEnded).toBe(true);
    await expect(terminal.attach('none', createTerminalPage(), true)).rejects.toThrow(/No session none/);
  });
});

describe('ends', () => {
  it('by hanging up', async () => {
    const { session } = await open();
    await terminal.closeShell(session);
    expect(ledger.of('session.ended')[0]!.body.data).toMatchObject({ session, exit: null, signal: 'SIGHUP' });
    await expect(terminal.resize(session, 80, 24)).rejects.toThrow(/has ended/);
  });

  it('by the death of the pty-host: a gap, and the next shell opens', async () => {
    const { session, page } = await open();
    await run(page, 'echo kept');
    process.kill(terminal.hostPid!, 'SIGKILL');
    const end = await ledger.next('session.ended');
    expect(end.body.data).toMatchObject({ session, exit: null, signal: null });
    expect(end.body.evidence[0]!.sha256).toBe(sha256(recorded(session)));
    expect(ledger.of('gap.lost')[0]!.body.data.what).toBe('session');
    await page.closed;
    expect(page.failure).toMatch(/may be missing/);
    const next = await open();
    expect(await run(next.page, 'echo works')).toMatchObject({ exit: 0 });
  });

  it('of a host that was cut off are written by the next one', async () => {
    const data = { session: 's', shell: 'sh', cols: 80, rows: 24, cwd: '/', recordsInput: false };
    await terminal.stop();
    await ledger.append({ type: 'session.started', data, actor: technician });
    writeFileSync(join(folder, 's.bytes'), 'abcdef');
    writeFileSync(join(folder, 's.timing'), 'H 0.000000 COLUMNS 80\nO 0.100000 4\nO 0.2');
    await terminal.start({ ledger, folder });
    expect(ledger.of('session.ended')[0]!.body.data).toMatchObject({ session: 's', exit: null });
    expect(ledger.of('gap.lost').length).toBe(1);
    expect(timingOf('s')).toBe(
      'H 0.000000 COLUMNS 80\nO 0.100000 4\nO 0.000000 2\nH 0.000000 DURATION 0.100000\n',
    );
    expect(ledger.of('session.ended')[0]!.body.evidence[0]!.sha256).toBe(sha256(Buffer.from('abcdef')));
  });
});

describe('a plain sh', () => {
  it('tells of no commands: the session is one command of quality bytes', async () => {
    await terminal.close();
    const bin = join(home, 'bin');
    execFileSync('mkdir', [bin]);
    terminal = makeTerminal('/bin/sh', bin);
    await terminal.start({ ledger, folder });
    const session = await terminal.openShell({ cols: 80, rows: 24, actor: technician, cwd: home });
    const page = createTerminalPage();
    await terminal.attach(session, page, true);
    const started = await ledger.next('command.started');
    expect(started.body.data).toMatchObject({
      session,
      quality: 'bytes',
      line: '/bin/sh',
      cwd: home,
      from: 0,
    });
    await page.shows('ready> ');
    await page.type('echo shown\r');
    await page.shows('\nshown\r\n');
    expect((await terminal.commandOutput(started.head.id)).text).toContain('\nshown\n');
    await page.type('exit 3\r');
    await ledger.next('session.ended');
    const whole = recorded(session);
    expect(ledger.of('command.ended').map((entry) => entry.body.data)).toMatchObject([
      { command: started.head.id, exit: 3, from: 0, to: whole.length, digest: sha256(whole) },
    ]);
  });

  it('in place of the bash that was expected is found out at the end', async () => {
    const fake = join(home, 'bash');
    writeFileSync(fake, '#!/bin/sh\nexec /bin/sh -c "echo no marks"\n', { mode: 0o755 });
    await terminal.close();
    terminal = makeTerminal(fake);
    await terminal.start({ ledger, folder });
    const session = await terminal.openShell({ cols: 80, rows: 24, actor: technician, cwd: home });
    await ledger.next('session.ended');
    expect(ledger.of('command.ended')[0]!.body.data.digest).toBe(sha256(recorded(session)));
    expect(ledger.of('command.started')[0]!.body.data.quality).toBe('bytes');
  });

  it('that can’t be started leaves a session that ended', async () => {
    const options = { cols: 80, rows: 24, actor: technician, cwd: join(home, 'no-such-folder') };
    const opening = terminal.openShell(options);
    const outcome = await opening.then(
      (session) => ledger.next('session.ended', (data) => data.session === session),
      () => ledger.next('session.ended'),
    );
    expect(outcome.body.data.exit).not.toBe(0);
  });
});
