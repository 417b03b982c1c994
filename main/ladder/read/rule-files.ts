/** Rules that stand in files of their own, as an agent's instructions. */
import { open } from 'node:fs/promises';
import { messageOf } from '../../../common/lib/errors.ts';
import { findFiles } from './find-files.ts';

export interface RuleFiles {
  texts: string[];
  files: string[];
  /** Where nothing was found, or what could not be read. */
  missing: string[];
}

const mostFiles = 50;
const mostBytes = 256 * 1024;

export async function rulesFrom(globs: readonly string[], signal: AbortSignal): Promise<RuleFiles> {
  const rules: RuleFiles = { texts: [], files: [], missing: [] };
  for (const glob of globs) {
    const { looked, files } = await findFiles(glob, signal);
    if (files.length === 0) rules.missing.push(looked);
    for (const { path } of files.slice(0, mostFiles - rules.files.length)) await take(rules, path);
  }
  return rules;
}

async function take(rules: RuleFiles, path: string): Promise<void> {
  try {
    rules.texts.push(await beginningOf(path));
    rules.files.push(path);
  } catch (error) {
    rules.missing.push(messageOf(error));
  }
}

async function beginningOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(mostBytes), 0, mostBytes, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
