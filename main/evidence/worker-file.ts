import { fileURLToPath } from 'node:url';

/** A worker thread's file: `source`, relative to this folder (Node runs it as it is), or, once built, `built` beside this file. */
export function workerFile(source: string, built: string): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(fromSource ? `./${source}` : `./${built}`, import.meta.url));
}
