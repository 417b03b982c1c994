import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createNodePlatform } from '../platform/node/index.ts';
import { openBrowser } from '../platform/node/open-browser.ts';
import { log, print } from '../platform/say.ts';
import { serveRoom } from '../remote/index.ts';
import { createWarRoom } from '../warroom.ts';
import { makeupOf, type MakeupOptions } from './rig-makeup.ts';

export interface ServeOptions extends MakeupOptions {
  data: string;
  port: number;
  drill?: boolean;
  seed?: number;
  headless?: boolean;
}

/** Where the built page lies: beside the built host, or in `out/` when run from source. */
function pageFolder(): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? '../../out/renderer' : '../renderer', import.meta.url));
}

const sameSignalMs = 1000;

/** `warroom serve`: the room on 127.0.0.1, until it is interrupted. */
export async function serve(options: ServeOptions): Promise<void> {
  const makeup = makeupOf(options);
  await mkdir(options.data, { recursive: true, mode: 0o700 });
  const platform = createNodePlatform({ dataDir: options.data });
  const ephemeral = options.port === 0;
  const warRoom = await createWarRoom({ platform, dataDir: options.data, ephemeral, log });
  const served = await serveRoom({
    warRoom,
    dataDir: options.data,
    port: options.port,
    pageFolder: pageFolder(),
    log,
  });
  print(`War Room: ${served.link()}`);
  if (platform.secrets.warning) print(platform.secrets.warning);
  stopOnSignal(async () => {
    await served.close();
    await warRoom.close();
  });
  if (options.drill) print(`Drill: incident ${await warRoom.beginDrill(options.seed, makeup)}`);
  if (!options.headless && !(await openBrowser(options.data, served.link())))
    print('No browser could be started here: open the address above in one.');
}

function stopOnSignal(close: () => Promise<void>): void {
  let closingSince = 0;
  const stop = () => {
    // A second signal does not wait; but one Ctrl-C may arrive twice, from the terminal and from npm.
    if (closingSince > 0 && performance.now() - closingSince > sameSignalMs) process.exit(130);
    if (closingSince > 0) return;
    closingSince = performance.now();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log('The room did not close cleanly', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
