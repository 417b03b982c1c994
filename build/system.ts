import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './run.ts';

/** True in continuous integration: nobody is there to be asked, and nothing may be skipped. */
export function isUnattended(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment['CI'] === '1' || environment['CI'] === 'true';
}

/** True where tests may install what they need: unattended, or when a person said so. */
export function mayInstall(environment: NodeJS.ProcessEnv = process.env): boolean {
  return isUnattended(environment) || environment['WARROOM_INSTALL'] === '1';
}

/** The file of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (folder && isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** A Chromium for tests: CHROME_PATH, the system's, then Playwright's own. Null when there is none. */
export async function findChromium(): Promise<string | null> {
  const given = process.env['CHROME_PATH'];
  if (given) return existsSync(given) ? given : null;
  for (const name of [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
  ]) {
    const found = findProgram(name);
    if (found) return found;
  }
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

/** What the tests use that npm does not bring: the Debian package, and the program that shows it is there. */
const packages = [
  { name: 'chromium', program: null },
  { name: 'fonts-dejavu-core', program: null },
  // Plays our recorded sessions, as a second reader of their format.
  { name: 'bsdutils', program: 'scriptreplay' },
] as const;

export const installCommand = `apt-get install -y --no-install-recommends ${packages.map((each) => each.name).join(' ')}`;

/**
 * The Chromium that the tests drive. Installs what is missing where that is allowed; else says the one command
 * that brings it and answers null.
 */
export async function provideChromium(): Promise<string | null> {
  const programsThere = packages.every((each) => each.program === null || findProgram(each.program) !== null);
  const found = await findChromium();
  if (found && (programsThere || !mayInstall())) return found;
  if (mayInstall() && findProgram('apt-get')) {
    say(`War Room: installing what the tests need: ${installCommand}`);
    await installPackages();
    return findChromium();
  }
  say('War Room: the tests in a browser need Chromium, and none was found. Install it with');
  say(`  ${installHint()}`);
  say('or set CHROME_PATH to one, then run the same command again.');
  return null;
}

function installHint(): string {
  if (findProgram('apt-get')) return `sudo ${installCommand}`;
  return 'node node_modules/@playwright/test/cli.js install chromium';
}

async function installPackages(): Promise<void> {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['apt-get', 'update', '-qq'], installCommand.split(' ')]) {
    const [command = '', ...rest] = [...sudo, ...args];
    const code = await run(command, rest, { env, stdio: ['ignore', 2, 2] });
    if (code !== 0) say(`War Room: ${args.join(' ')} failed (code ${code}); its reason is above.`);
  }
}

/** True when a window can be shown here. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}
