/** Any BagIt bag, 0.97 or 1.0 (RFC 8493): what `warroom verify --bag` checks. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';

export interface BagReport {
  /** Empty: valid. Each names its file. */
  problems: string[];
  warnings: string[];
}

const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const weak = ['md5', 'sha1'];

interface State extends BagReport {
  root: string;
  version: string;
  encoding: string;
  payload: Set<string>;
}

/** Checks the bag in a folder. Throws `not-found` when there is none. */
export function verifyBag(root: string): BagReport {
  if (!existsSync(root) || !statSync(root).isDirectory())
    throw new WarroomError('not-found', `There is no folder ${root}.`);
  const state: State = {
    root,
    version: '',
    encoding: 'utf-8',
    payload: new Set(),
    problems: [],
    warnings: [],
  };
  const check = (work: () => void) => {
    try {
      work();
    } catch (error) {
      state.problems.push(messageOf(error));
    }
  };
  check(() => checkDeclaration(state));
  check(() => listPayload(state));
  check(() => checkManifests(state));
  check(() => checkTagManifests(state));
  check(() => checkFetch(state));
  check(() => checkInfo(state));
  return { problems: state.problems, warnings: state.warnings };
}

function checkDeclaration(state: State): void {
  const path = join(state.root, 'bagit.txt');
  if (!existsSync(path)) throw new Error('bagit.txt: it is missing');
  const bytes = readFileSync(path);
  if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))
    throw new Error('bagit.txt: it has a byte order mark');
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  const version = /^BagIt-Version: (\d+\.\d+)$/.exec(lines[0] ?? '')?.[1];
  const encoding = /^Tag-File-Character-Encoding: (\S+)$/.exec(lines[1] ?? '')?.[1];
  if (lines.length !== 2 || !version || !encoding)
    throw new Error(
      'bagit.txt: it must have exactly the lines BagIt-Version and Tag-File-Character-Encoding',
    );
  if (version !== '0.97' && version !== '1.0')
    throw new Error(`bagit.txt: version ${version} is not one of 0.97 and 1.0`);
  state.version = version;
  state.encoding = encoding.toLowerCase();
  // Fails here, with its name, when Node does not know the encoding.
  new TextDecoder(state.encoding);
}

function listPayload(state: State): void {
  if (!existsSync(join(state.root, 'data')) || !statSync(join(state.root, 'data')).isDirectory())
    throw new Error('data: the payload folder is missing');
  const walk = (relative: string) => {
    for (const item of readdirSync(join(state.root, relative))) {
      const path = `${relative}/${item}`;
      const stats = lstatSync(join(state.root, path));
      if (stats.isSymbolicLink()) throw new Error(`${path}: a symbolic link`);
      if (stats.isDirectory()) walk(path);
      else state.payload.add(path);
    }
  };
  walk('data');
}

const manifestFiles = (state: State, kind: 'manifest' | 'tagmanifest') =>
  readdirSync(state.root).filter((name) => new RegExp(`^${kind}-[a-z0-9]+\\.txt$`, 'i').test(name));

const readText = (state: State, name: string) =>
  new TextDecoder(state.encoding, { fatal: true, ignoreBOM: true }).decode(
    readFileSync(join(state.root, name)),
  );

/** Lines of a manifest: digest, blanks, path. */
function readManifest(state: State, name: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of readText(state, name).split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    const match = /^([0-9a-fA-F]+)[ \t]+\*?(.+)$/.exec(line);
    if (!match) throw new Error(`${name}: a malformed line: ${line.slice(0, 200)}`);
    const path = decodePath(state, match[2]!.replace(/^\.\//, ''));
    if (/^\/|^~|(^|\/)\.\.(\/|$)|^[a-z]:[\\/]|\\\\/i.test(path))
      throw new Error(`${name}: it names ${path}, outside of the bag`);
    if (entries.has(path)) {
      // 0.97 lets a file be named twice when both digests agree.
      if (state.version === '1.0' || entries.get(path) !== match[1]!.toLowerCase())
        throw new Error(`${name}: it names ${path} twice`);
      state.warnings.push(`${name}: it names ${path} twice`);
    }
    entries.set(path, match[1]!.toLowerCase());
  }
  return entries;
}

/** 1.0 encodes LF, CR and %; 0.97 only LF and CR. */
function decodePath(state: State, path: string): string {
  const decoded = path.replaceAll(/%0A/gi, '\n').replaceAll(/%0D/gi, '\r');
  return state.version === '1.0' ? decoded.replaceAll('%25', '%') : decoded;
}

function checkManifests(state: State): void {
  const files = manifestFiles(state, 'manifest');
  if (files.length === 0) throw new Error('manifest-<algorithm>.txt: there is no payload manifest');
  const namedAnywhere = new Set<string>();
  for (const file of files) {
    const entries = checkDigests(state, file);
    for (const path of entries.keys()) {
      if (!path.startsWith('data/')) state.problems.push(`${file}: it names ${path}, which is no payload`);
      namedAnywhere.add(path);
    }
    // 1.0: every payload file in every manifest; 0.97: in at least one.
    if (state.version === '1.0')
      for (const path of state.payload)
        if (!hasName(entries, path)) state.problems.push(`${path}: ${file} does not name it`);
  }
  for (const path of state.payload)
    if (!hasName(namedAnywhere, path)) state.problems.push(`${path}: no manifest names it`);
}

function checkTagManifests(state: State): void {
  for (const file of manifestFiles(state, 'tagmanifest')) {
    const entries = checkDigests(state, file);
    for (const path of entries.keys())
      if (path.startsWith('data/') || /^tagmanifest-/i.test(path))
        state.problems.push(`${file}: it names ${path}, which is no tag file it may name`);
    if (state.version === '1.0')
      for (const manifest of manifestFiles(state, 'manifest'))
        if (!entries.has(manifest)) state.problems.push(`${file}: it does not name ${manifest}`);
  }
}

function checkDigests(state: State, file: string): Map<string, string> {
  const algorithm = /-([a-z0-9]+)\.txt$/i.exec(file)![1]!.toLowerCase();
  const entries = readManifest(state, file);
  if (!algorithms.includes(algorithm)) {
    state.warnings.push(
      `${file}: the algorithm ${algorithm} is not known here; its digests were not checked`,
    );
    return entries;
  }
  if (weak.includes(algorithm)) state.warnings.push(`${file}: ${algorithm} does not protect against forgery`);
  for (const [path, digest] of entries) {
    const found = existingName(state, path);
    if (found === null) state.problems.push(`${path}: it is missing, though ${file} names it`);
    else if (digestOf(join(state.root, found), algorithm) !== digest)
      state.problems.push(`${path}: it is not the file that ${file} names`);
  }
  return entries;
}

/** A manifest's name and a file's may differ in Unicode's normal form: that is a warning. */
function existingName(state: State, path: string): string | null {
  if (existsSync(join(state.root, path)) && statSync(join(state.root, path)).isFile()) return path;
  const normal = path.normalize('NFC');
  const other = [...state.payload].find((candidate) => candidate.normalize('NFC') === normal);
  if (other === undefined) return null;
  state.warnings.push(`${path}: its name is in another Unicode normal form on disk`);
  return other;
}

function hasName(names: { has(name: string): boolean; keys(): Iterable<string> }, path: string): boolean {
  if (names.has(path)) return true;
  const normal = path.normalize('NFC');
  for (const name of names.keys()) if (name.normalize('NFC') === normal) return true;
  return false;
}

function digestOf(path: string, algorithm: string): string {
  const hash = createHash(algorithm);
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
      hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

/** What fetch.txt lists must be here by now: nothing is fetched. */
function checkFetch(state: State): void {
  if (!existsSync(join(state.root, 'fetch.txt'))) return;
  for (const line of readText(state, 'fetch.txt').split(/\r\n|\n|\r/)) {
    if (line === '') continue;
    const match = /^(\S+)[ \t]+(\d+|-)[ \t]+(.+)$/.exec(line);
    if (!match) {
      state.problems.push(`fetch.txt: a malformed line: ${line.slice(0, 200)}`);
      continue;
    }
    const path = decodePath(state, match[3]!);
    if (!path.startsWith('data/') || path.split('/').includes('..'))
      state.problems.push(`fetch.txt: it names ${path}, which is no payload`);
    else if (!state.payload.has(path)) state.problems.push(`${path}: it is to be fetched and is not here`);
  }
}

function checkInfo(state: State): void {
  if (!existsSync(join(state.root, 'bag-info.txt'))) return;
  const lines = readText(state, 'bag-info.txt')
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== '');
  const form = state.version === '1.0' ? /^[^\s:][^:]*:[ \t]/ : /^[^\s:][^:]*\s*:\s*/;
  for (const line of lines)
    if (!form.test(line) && !/^[ \t]/.test(line))
      state.problems.push(`bag-info.txt: a malformed line: ${line.slice(0, 200)}`);
  const oxums = lines.filter((line) => /^Payload-Oxum\s*:/i.test(line));
  if (oxums.length > 1) state.warnings.push('bag-info.txt: Payload-Oxum stands more than once');
  const match = /:\s*(\d+)\.(\d+)\s*$/.exec(oxums[0] ?? '');
  if (oxums.length > 0 && !match) state.problems.push('bag-info.txt: Payload-Oxum is not bytes.files');
  if (!match) return;
  const bytes = [...state.payload].reduce((sum, path) => sum + statSync(join(state.root, path)).size, 0);
  if (Number(match[1]) !== bytes || Number(match[2]) !== state.payload.size)
    state.problems.push(
      `bag-info.txt: Payload-Oxum says ${match[1]}.${match[2]}, but there are ${bytes}.${state.payload.size}`,
    );
}
