/** The files of a bundle, whether it is a folder or a zip: both are ranges of files on disk, since nothing is compressed. */
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../common/lib/errors.ts';
import { fail } from './failure.ts';

/** Limits on reading anything foreign (FORMATS). */
export interface Limits {
  totalBytes: number;
  files: number;
}
export const defaultLimits: Limits = { totalBytes: 64 * 1024 ** 3, files: 100_000 };

/** Where the bytes of one file of the bundle lie. */
export interface Place {
  /** Relative to the bag. */
  path: string;
  file: string;
  offset: number;
  size: number;
  /** CRC-32 that a zip says the data has. */
  crc?: number;
}

export interface Source {
  kind: 'folder' | 'zip';
  /** The name of the one folder inside a zip; null for a folder. */
  folder: string | null;
  places: ReadonlyMap<string, Place>;
}

const chunkBytes = 1 << 20;

/** The bytes of a place in large chunks. The buffer is used again: a chunk is only good until the next. */
export function* chunksOf(place: Place): Generator<Uint8Array> {
  const descriptor = openPlace(place);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(place.size, 1)));
    for (let done = 0; done < place.size;) {
      const wanted = Math.min(buffer.length, place.size - done);
      const got = readSync(descriptor, buffer, 0, wanted, place.offset + done);
      if (got === 0) fail(place.path, 'it ends before its size');
      done += got;
      yield buffer.subarray(0, got);
    }
  } finally {
    closeSync(descriptor);
  }
}

function openPlace(place: Place): number {
  try {
    const descriptor = openSync(place.file, 'r');
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
  } catch (error) {
    return fail(place.path, `it can't be read (${messageOf(error)})`);
  }
  return fail(place.path, 'it is no plain file');
}

/** The whole of a small file. */
export function readPlace(place: Place, maxBytes: number): Buffer {
  if (place.size > maxBytes) fail(place.path, `its ${place.size} bytes are over the limit of ${maxBytes}`);
  const whole = Buffer.alloc(place.size);
  let at = 0;
  for (const chunk of chunksOf(place)) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** A bag that lies in a folder. Symbolic links, other special files and empty folders are refused. */
export function openFolder(root: string, limits: Limits = defaultLimits): Source {
  const places = new Map<string, Place>();
  let total = 0;
  const walk = (inside: string) => {
    const items = readdirSync(join(root, inside), { withFileTypes: true });
    if (items.length === 0 && inside !== '') fail(inside, 'an empty folder does not belong here');
    for (const item of items) {
      const path = inside + item.name;
      if (item.isDirectory()) {
        walk(`${path}/`);
        continue;
      }
      if (item.isSymbolicLink()) fail(path, 'symbolic links are refused');
      if (!item.isFile()) fail(path, 'it is no plain file');
      const file = join(root, path);
      const { size } = lstatSync(file);
      places.set(path, { path, file, offset: 0, size });
      total += size;
      if (places.size > limits.files) fail(path, `more than ${limits.files} files`);
      if (total > limits.totalBytes) fail(path, `more than ${limits.totalBytes} bytes`);
    }
  };
  walk('');
  return { kind: 'folder', folder: null, places };
}
