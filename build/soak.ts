import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { root, runNode } from './run.ts';

// npm run soak [-- PATTERN]: the long runs of test/soak, one after another.
await ensureBuilt();
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
process.exit(await runNode(vitest, ['run', '--config', 'vitest.soak.config.ts', ...process.argv.slice(2)]));
