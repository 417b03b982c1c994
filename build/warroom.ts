import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { root, runNode } from './run.ts';

// npm run -s warroom -- ARGS: the built command, in the folder it was called from. Its stdout is the command's alone.
await ensureBuilt();
const cwd = process.env['INIT_CWD'] ?? process.cwd();
process.exit(await runNode(join(root, 'out', 'main', 'cli.js'), process.argv.slice(2), { cwd }));
