import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLink } from '../../native/device-host/open-link.ts';
import { problemsAsNobody } from '../fakes/open-as.ts';
import { createPtyPair } from '../fakes/pty-pair.ts';

const events = { onData: () => undefined, onClose: () => undefined };
const problemAt = async (path: string): Promise<{ code: string; message: string; hint: string }> => {
  const failed = await openLink({ by: 'path', path, baud: 9600 }, events).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  return failed as Error & { code: string; hint: string };
};

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'warroom-problems-'));
  chmodSync(made, 0o755);
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function port(mode: number): string {
  const pair = createPtyPair();
  onTestFinished(() => pair.unplug());
  chmodSync(pair.path, mode);
  return pair.path;
}

const dialout = () => Number(/^dialout:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1]);

it('names the process that has the port open, also by a link to it', async () => {
  const path = port(0o600);
  const link = join(folder(), 'cell');
  symlinkSync(path, link);
  const other = await openLink({ by: 'path', path, baud: 9600 }, events);
  const problem = await problemAt(link);
  expect(problem).toMatchObject({ code: 'taken', message: `This War Room has ${link} open already.` });
  await other.close();
  const again = await openLink({ by: 'path', path: link, baud: 9600 }, events);
  await again.close();
});

it('tells whoever may not open a port to whom it belongs, and the command', async () => {
  const [alone, shared, open] = [port(0o600), port(0o660), port(0o666)];
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(shared, 0, dialout());
  const [one, two, three] = await problemsAsNobody([alone, shared, open]);
  expect(three?.code).toBe('opened');
  // Only root can make a port that belongs to somebody else.
  if (!isRoot) return expect(one?.code).toBe('opened');
  expect(one?.code).toBe('denied');
  expect(one?.message).toMatch(/^The user nobody may not open .* It belongs to root and the group /);
  expect(one?.hint).toContain(`\`sudo setfacl -m "u:$USER:rw" ${alone}\``);
  expect(two?.message).toContain('It belongs to root and the group dialout.');
  expect(two?.hint).toBe('Run `sudo usermod -a -G dialout "$USER"`, then log out and in again.');
});

it('tells what a path is that is no port', async () => {
  const place = folder();
  const file = join(place, 'yesterday.mcap');
  writeFileSync(file, 'x');
  expect(await problemAt(place)).toMatchObject({
    code: 'bad-input',
    message: `${place} is a folder, not a port.`,
  });
  const capture = await problemAt(file);
  expect(capture.message).toBe(`${file} is an ordinary file, not a port.`);
  expect(capture.hint).toContain(`warroom replay ${file} --link PATH`);
  const gone = join(place, 'ttyUSB9');
  const missing = await problemAt(gone);
  expect(missing).toMatchObject({ code: 'not-found', message: `There is no ${gone}.` });
  symlinkSync(gone, join(place, 'dangling'));
  expect((await problemAt(join(place, 'dangling'))).code).toBe('not-found');
  expect((await problemAt('/dev/null')).code).toBe('bad-input');
});
