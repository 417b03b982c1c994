/** Flips bytes of a bundle, one at a time, and asks `verify` each time. */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openZip } from '../../main/evidence/verify/zip.ts';
import { verifyInProcess } from './verify.ts';

/** A flipped byte that was not noticed, or was laid to another file. */
export interface Miss {
  file: string;
  offset: number;
  found: string;
}

/** Which bytes of a file to flip, by its path. */
export type Choose = (path: string, size: number) => Iterable<number>;

export function* every(size: number): Generator<number> {
  for (let offset = 0; offset < size; offset++) yield offset;
}

/** About `count` offsets, evenly spread. */
export function* sample(size: number, count: number): Generator<number> {
  for (let offset = 0; offset < size; offset += Math.max(1, Math.floor(size / count))) yield offset;
}

/** Unpacks a bundle's zip into `folder`. */
export function unpack(zip: string, folder: string): string[] {
  const bytes = readFileSync(zip);
  const { places } = openZip(zip);
  for (const { path, offset, size } of places.values()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes.subarray(offset, offset + size));
  }
  return [...places.keys()];
}

/** Flips one bit of each chosen byte of each file in a folder. The file that was changed must be named. */
export async function flipFolder(
  folder: string,
  paths: string[],
  choose: Choose,
): Promise<{ flips: number; misses: Miss[] }> {
  const misses: Miss[] = [];
  let flips = 0;
  for (const path of paths) {
    const original = readFileSync(join(folder, path));
    const descriptor = openSync(join(folder, path), 'r+');
    try {
      for (const offset of choose(path, original.length)) {
        writeSync(descriptor, Buffer.of(original[offset]! ^ (1 << (offset % 8))), 0, 1, offset);
        const verdict = await verifyInProcess(folder);
        writeSync(descriptor, original, offset, 1, offset);
        flips++;
        if (verdict.intact || verdict.file !== path)
          misses.push({ file: path, offset, found: verdict.file ?? 'intact' });
      }
    } finally {
      closeSync(descriptor);
    }
  }
  return { flips, misses };
}

/** The same in a zip: bytes of a file must name it; headers may also name the directory, and the directory any of its entries. */
export async function flipZip(
  zip: string,
  copy: string,
  choose: Choose,
): Promise<{ flips: number; misses: Miss[] }> {
  const original = readFileSync(zip);
  writeFileSync(copy, original);
  const places = [...openZip(zip).places.values()];
  const directoryAt = original.readUInt32LE(original.length - 6);
  const regions = [
    ...places.map(({ path, offset, size }) => ({ path, from: offset, to: offset + size })),
    ...places.map(({ path, offset }, i) => ({
      path: `header of ${path}`,
      from: i === 0 ? 0 : places[i - 1]!.offset + places[i - 1]!.size,
      to: offset,
    })),
    { path: 'descriptor of the last', from: places.at(-1)!.offset + places.at(-1)!.size, to: directoryAt },
    { path: 'zip directory', from: directoryAt, to: original.length },
  ];
  const misses: Miss[] = [];
  let flips = 0;
  const descriptor = openSync(copy, 'r+');
  try {
    for (const { path, from, to } of regions) {
      for (const inside of choose(path, to - from)) {
        const offset = from + inside;
        writeSync(descriptor, Buffer.of(original[offset]! ^ (1 << (offset % 8))), 0, 1, offset);
        const verdict = await verifyInProcess(copy);
        writeSync(descriptor, original, offset, 1, offset);
        flips++;
        const isPayload = places.some((place) => place.path === path);
        const isNamed = isPayload ? verdict.file === path : Boolean(verdict.file);
        if (verdict.intact || !isNamed)
          misses.push({ file: path, offset: inside, found: verdict.file ?? 'intact' });
      }
    }
  } finally {
    closeSync(descriptor);
  }
  return { flips, misses };
}
