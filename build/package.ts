import { parseArgs } from 'node:util';
import { build } from 'electron-builder';
import { ensureBuilt } from './build.ts';
import { appConfiguration } from './electron-builder.ts';
import { root, say } from './run.ts';

// npm run package [-- --dir --testable --electron DIR]: installers of this platform in dist/. --dir: the app's folder
// only. --electron: a folder that holds Electron's binary, where it can't be downloaded.

const { values } = parseArgs({
  options: { dir: { type: 'boolean' }, testable: { type: 'boolean' }, electron: { type: 'string' } },
});

await ensureBuilt();
const config = {
  ...appConfiguration(values.testable ?? false),
  ...(values.electron ? { electronDist: values.electron } : {}),
};
try {
  const made = await build({ projectDir: root, config, dir: values.dir ?? false });
  for (const file of made) process.stdout.write(`${file}\n`);
} catch (error) {
  say(`War Room: not packaged: ${error instanceof Error ? error.message : String(error)}`);
  say(
    'Packaging downloads Electron and the tools of each installer: check the connection, or give --electron DIR.',
  );
  process.exit(1);
}
