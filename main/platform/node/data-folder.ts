import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The operating system's folder for user data, `…/warroom`; `WARROOM_DATA` or `--data` overrides it. */
export function defaultDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.WARROOM_DATA) return env.WARROOM_DATA;
  if (platform === 'win32') return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'warroom');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'warroom');
  // The XDG specification: a value that is empty or relative is ignored.
  const named = env.XDG_DATA_HOME ?? '';
  return join(isAbsolute(named) ? named : join(homedir(), '.local', 'share'), 'warroom');
}
