import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../../build/build.ts';
import { endWithUs, say } from '../../build/run.ts';
import { reaches, tableLines, type Row } from './table.ts';
import type { Bench } from './types.ts';

// npm run bench [-- [--quick] NAME…]: each test/bench/NAME.bench.ts in a process of its own, one after another. Prints one JSON
// line per figure and a table; exits 1 when a bench throws or a figure falls short of its bar.

const folder = import.meta.dirname;
const suffix = '.bench.ts';

function chosen(names: string[]): string[] {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => basename(file, suffix))
    .sort();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    say(`No bench is called ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
    process.exit(2);
  }
  return names.length > 0 ? names : all;
}

/** Runs one bench in a child; null when it failed, after saying so. */
function runBench(name: string): Promise<Row[] | null> {
  return new Promise((resolve) => {
    const child = fork(import.meta.filename, ['--one', name], { stdio: ['ignore', 2, 2, 'ipc'] });
    const release = endWithUs(child);
    let rows: Row[] | null = null;
    child.on('message', (message) => (rows = message as Row[]));
    child.once('exit', (code) => {
      release();
      if (code !== 0) say(`bench ${name} failed (code ${code ?? 'none'}); its reason is above.`);
      resolve(code === 0 ? rows : null);
    });
  });
}

/** In the child: measures and sends the rows. */
async function measure(name: string): Promise<void> {
  const bench = (await import(pathToFileURL(join(folder, name + suffix)).href)) as Bench;
  const figures = await bench.run();
  const measured = new Set(figures.map((figure) => figure.metric));
  const missing = Object.keys(bench.bars).filter((metric) => !measured.has(metric));
  if (missing.length > 0)
    throw new Error(`${name} has bars for what it did not measure: ${missing.join(', ')}`);
  const rows = figures.map((figure): Row => ({
    ...figure,
    bench: bench.name,
    bar: bench.bars[figure.metric],
  }));
  await new Promise<void>((resolve, reject) =>
    process.send?.(rows, undefined, undefined, (error) => (error ? reject(error) : resolve())),
  );
}

async function main(names: string[]): Promise<number> {
  await ensureBuilt();
  const rows: Row[] = [];
  let failed = false;
  for (const name of chosen(names)) {
    say(`bench ${name}…`);
    const measured = await runBench(name);
    failed ||= measured === null || !measured.every(reaches);
    for (const row of measured ?? []) {
      const { bench, metric, value, unit } = row;
      process.stdout.write(`${JSON.stringify({ bench, metric, value, unit })}\n`);
      rows.push(row);
    }
  }
  process.stdout.write(`\n${tableLines(rows).join('\n')}\n`);
  return failed ? 1 : 0;
}

const [first, ...rest] = process.argv.slice(2);
const quick = '--quick';
if (first === '--one') {
  await measure(rest[0] ?? '');
  process.exit(0);
} else {
  // Benches that are long look at it: fewer cases, the same bars.
  if (process.argv.includes(quick)) process.env.WARROOM_QUICK = '1';
  process.exit(await main(process.argv.slice(2).filter((each) => each !== quick)));
}
