/** Files by a profile's glob: bounded in what is looked at, whatever lies there. */
import { opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse, resolve, sep } from 'node:path';
import { matchesSegment } from './match-segment.ts';

export interface FoundFile {
  path: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
}

export interface FoundFiles {
  /** The glob as an absolute path: where was looked. */
  looked: string;
  /** Newest first. */
  files: FoundFile[];
  /** Why a folder could not be looked into, as `EACCES /var/log/desk`; null where all could. */
  problem: string | null;
  /** There was more than is looked at. */
  isCut: boolean;
}

const mostEntries = 50_000;
const mostFiles = 5_000;
/** Folders within each other below a `**`. */
const mostDepth = 12;
/** What is not there is no problem: the answer is that nothing is found. */
const absent = new Set(['ENOENT', 'ENOTDIR']);

interface Walk {
  signal: AbortSignal;
  found: Map<string, FoundFile>;
  entries: number;
  problem: string | null;
  isCut: boolean;
}

/** `*` and `?` within a name, `**` over folders, `~` the home folder. Links to folders are not followed below `**`. */
export async function findFiles(glob: string, signal: AbortSignal): Promise<FoundFiles> {
  const looked = resolve(glob.replace(/^~(?=$|[/\\])/, () => homedir()));
  const { root } = parse(looked);
  const segments = looked.slice(root.length).split(sep).filter(Boolean);
  const walk: Walk = { signal, found: new Map(), entries: 0, problem: null, isCut: false };
  await enter(walk, root, segments, 0);
  const files = [...walk.found.values()].sort((a, b) => b.modified - a.modified);
  return { looked, files, problem: walk.problem, isCut: walk.isCut };
}

async function enter(walk: Walk, path: string, segments: string[], depth: number): Promise<void> {
  walk.signal.throwIfAborted();
  const [segment, ...rest] = segments;
  if (segment === undefined) return take(walk, path);
  if (segment === '**') {
    await enter(walk, path, rest, depth);
    if (depth >= mostDepth) return;
    for (const { name, isFolder } of await entriesOf(walk, path))
      if (isFolder && !name.startsWith('.')) await enter(walk, join(path, name), segments, depth + 1);
  } else if (!/[*?]/.test(segment)) await enter(walk, join(path, segment), rest, depth);
  else
    for (const { name } of await entriesOf(walk, path))
      if (matchesSegment(segment, name)) await enter(walk, join(path, name), rest, depth);
}

async function entriesOf(walk: Walk, folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (++walk.entries > mostEntries) {
        walk.isCut = true;
        break;
      }
      entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch (error) {
    noteProblem(walk, folder, error);
  }
  return entries;
}

async function take(walk: Walk, path: string): Promise<void> {
  if (walk.found.size >= mostFiles) {
    walk.isCut = true;
    return;
  }
  try {
    const stats = await stat(path);
    if (stats.isFile()) walk.found.set(path, { path, bytes: stats.size, modified: stats.mtimeMs });
  } catch (error) {
    noteProblem(walk, path, error);
  }
}

function noteProblem(walk: Walk, path: string, error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
  if (!absent.has(code)) walk.problem ??= `${code} ${path}`;
}
