import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.ts';
import { fetchElectron, findElectron, windowProblem } from './electron-binary.ts';
import { root, run, runNode, say } from './run.ts';

// npm start [-- --drill --headless --data DIR --port N]: the desktop app where Electron can run, else the same room
// served on loopback with the browser as its window. --headless opens nothing and fetches nothing.

/** Electron that ends this soon with an error never showed a window: the browser takes over. */
const EARLY_MS = 5000;

const flags = {
  drill: { type: 'boolean' },
  headless: { type: 'boolean' },
  data: { type: 'string' },
  port: { type: 'string' },
} as const;

function readFlags(args: string[]) {
  try {
    return parseArgs({ args, options: flags, strict: true }).values;
  } catch (error) {
    say(`War Room: ${error instanceof Error ? error.message : String(error)}`);
    say('usage: npm start [-- --drill --headless --data DIR --port N]');
    process.exit(2);
  }
}

type Flags = ReturnType<typeof readFlags>;

/** The flags as both shells take them. A folder is meant from where the person stands; npm runs us in the project's. */
function passedOn({ drill, data, port }: Flags): string[] {
  const flags = drill ? ['--drill'] : [];
  if (data) flags.push('--data', resolve(process.env['INIT_CWD'] ?? process.cwd(), data));
  if (port) flags.push('--port', port);
  return flags;
}

/** Electron's program, or null after one line that says why the browser is used. */
async function electronOrReason(): Promise<string | null> {
  const problem = windowProblem();
  const found = problem ? null : findElectron();
  if (found) return found;
  if (problem) return useBrowser(problem);
  say('War Room: fetching Electron (once; up to a minute)…');
  const fetched = await fetchElectron();
  return 'binary' in fetched ? fetched.binary : useBrowser(`Electron could not be had: ${fetched.problem}`);
}

function useBrowser(reason: string): null {
  say(`War Room: opening in the browser (${reason}).`);
  return null;
}

async function startDesktop(values: Flags): Promise<number | null> {
  const electron = await electronOrReason();
  if (!electron) return null;
  const started = performance.now();
  const code = await run(electron, [root, ...passedOn(values)]);
  if (code === 0 || code > 128 || performance.now() - started > EARLY_MS) return code;
  return useBrowser(`Electron ended with code ${code}; its reason is above`);
}

async function serve(values: Flags): Promise<number> {
  const mode = values.headless ? ['--headless'] : [];
  return runNode(join(root, 'out', 'main', 'cli.js'), ['serve', ...mode, ...passedOn(values)]);
}

async function main(): Promise<number> {
  const values = readFlags(process.argv.slice(2));
  await ensureBuilt();
  const code = values.headless ? null : await startDesktop(values);
  return code ?? (await serve(values));
}

process.exit(await main());
