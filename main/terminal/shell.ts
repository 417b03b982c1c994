import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { bashIntegration, zshEnvironment, zshIntegration } from './shell-integration.ts';

export type Environment = Record<string, string | undefined>;

/** How a shell is started, and whether it will say which commands it runs. */
export interface ShellCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
  isIntegrated: boolean;
}

/** The scripts of the shell integration, in a folder of this process until `remove`. */
export interface IntegrationFiles {
  readonly folder: string;
  remove(): void;
}

export function writeIntegration(): IntegrationFiles {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-shell-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('bashrc', bashIntegration);
  write('.zshenv', zshEnvironment);
  write('.zshrc', zshIntegration);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * The person's own shell where it is bash or zsh, else bash, else sh, which tells nothing of its commands.
 * On Windows PowerShell.
 */
export function shellFor(env: Environment, folder: string, nonce: string): ShellCommand {
  const clean = cleanEnvironment(env);
  if (process.platform === 'win32')
    return { file: 'powershell.exe', args: ['-NoLogo'], env: clean, isIntegrated: false };
  const file = chooseShell(env);
  switch (basename(file)) {
    case 'bash':
      return {
        file,
        args: ['--rcfile', join(folder, 'bashrc'), '-i'],
        env: { ...clean, WARROOM_NONCE: nonce },
        isIntegrated: true,
      };
    case 'zsh': {
      const own = clean.ZDOTDIR === undefined ? {} : { WARROOM_ZDOTDIR: clean.ZDOTDIR };
      const lent = { ...own, ZDOTDIR: folder, WARROOM_NONCE: nonce };
      return { file, args: ['-i'], env: { ...clean, ...lent }, isIntegrated: true };
    }
    default:
      return { file, args: ['-i'], env: clean, isIntegrated: false };
  }
}

function chooseShell(env: Environment): string {
  const own = env.SHELL ?? '';
  if (['bash', 'zsh'].includes(basename(own)) && isProgram(own)) return own;
  const folders = (env.PATH || '/bin:/usr/bin').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, 'bash')).find(isProgram) ?? '/bin/sh';
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What belongs to how the host itself was started does not go into people's shells. */
function cleanEnvironment(env: Environment): Record<string, string> {
  const ours = /^(WARROOM_|ELECTRON_|NODE_CHANNEL_|npm_|COLUMNS$|LINES$|INIT_CWD$)/;
  const kept = Object.entries(env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !ours.test(pair[0]),
  );
  return { ...Object.fromEntries(kept), TERM: 'xterm-256color', COLORTERM: 'truecolor' };
}
