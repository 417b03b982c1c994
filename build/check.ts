import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root, say } from './run.ts';

interface Tool {
  name: string;
  args: string[];
}

const bin = (path: string) => join(root, 'node_modules', path);

/** dependency-cruiser with the project's rules; folders to look at come after these. */
export function cruiserArgs(output: 'err' | 'json'): string[] {
  const config = join(root, 'build', 'dependency-cruiser.mjs');
  return [bin('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', config, '--output-type', output];
}

const folders = ['common', 'main', 'native', 'preload', 'renderer', 'build', 'test'].filter((folder) =>
  existsSync(join(root, folder)),
);

/** The slowest first, so that two at a time end together. */
const tools: Tool[] = [
  {
    name: 'lint',
    args: [
      bin('eslint/bin/eslint.js'),
      '.',
      '--cache',
      '--cache-location',
      '.cache/eslint',
      '--cache-strategy',
      'content',
    ],
  },
  {
    name: 'types',
    args: [bin('typescript/bin/tsc'), '-p', '.', '--incremental', '--tsBuildInfoFile', '.cache/tsc.json'],
  },
  { name: 'imports', args: [...cruiserArgs('err'), ...folders] },
  {
    name: 'format',
    args: [
      bin('prettier/bin/prettier.cjs'),
      ...['--check', '.', '--log-level', 'warn'],
      ...['--cache', '--cache-strategy', 'content', '--cache-location', '.cache/prettier'],
    ],
  },
];

/** Runs the four gates, two at a time. Answers the names of those that failed; what they said is on stderr. */
export async function check(): Promise<string[]> {
  const failed: string[] = [];
  const waiting = [...tools];
  const worker = async () => {
    for (let tool = waiting.shift(); tool; tool = waiting.shift()) {
      if (!(await runTool(tool))) failed.push(tool.name);
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

async function runTool({ name, args }: Tool): Promise<boolean> {
  const started = performance.now();
  const { code, output } = await capture(process.execPath, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} ${seconds} s`);
  if (output.trim() && (code !== 0 || name === 'lint')) say(output.trimEnd());
  return code === 0;
}

if (import.meta.main) process.exit((await check()).length === 0 ? 0 : 1);
