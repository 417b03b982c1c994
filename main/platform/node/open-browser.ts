import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Opens `url` in the person's browser by way of a file that only this user can read: a link given as an argument would
 * show its token to every user of the machine (`ps`). Answers false when no opener could be started.
 */
export async function openBrowser(dataDir: string, url: string): Promise<boolean> {
  const file = join(dataDir, 'open.html');
  const target = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>War Room</title><meta http-equiv="refresh" content="0;url=${target}"><a href="${target}">Open the room</a>\n`;
  // The file of an earlier run would keep its own rights.
  await rm(file, { force: true });
  await writeFile(file, page, { mode: 0o600, flag: 'wx' });
  const [command, args] = openerFor(process.platform, pathToFileURL(file).href);
  return new Promise((resolve) => {
    const opener = spawn(command, args, { stdio: 'ignore', detached: true });
    opener.once('error', () => resolve(false));
    opener.once('spawn', () => {
      opener.unref();
      resolve(true);
    });
  });
}

function openerFor(platform: NodeJS.Platform, href: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [href]];
  if (platform === 'win32') return ['cmd', ['/c', 'start', '', href]];
  return ['xdg-open', [href]];
}
