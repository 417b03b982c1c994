/** A bundle's zip: read by its directory, then compared byte for byte with the container that would have been written. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fromUtf8 } from '../../../common/lib/bytes.ts';
import { about, fail, zipDirectory } from './failure.ts';
import { whyUnsafe } from './paths.ts';
import { defaultLimits, type Limits, type Place, type Source } from './source.ts';
import {
  dataDescriptor,
  descriptorBytes,
  directoryEnd,
  directoryRecord,
  endBytes,
  localHeader,
  localHeaderBytes,
  zip64EndBytes,
  zip64LocatorBytes,
  type ZipEntry,
} from './zip-format.ts';

interface Directory {
  count: number;
  size: number;
  offset: number;
}

type Read = (offset: number, length: number) => Buffer;

/** Opens a zip. Fails unless headers, descriptors, directory and end are exactly as they would have been written. */
export function openZip(file: string, limits: Limits = defaultLimits): Source {
  const descriptor = openSync(file, 'r');
  try {
    const total = fstatSync(descriptor).size;
    const read: Read = (offset, length) => readRange(descriptor, total, offset, length);
    const directory = readEnd(read, total);
    if (directory.count > limits.files) fail(zipDirectory, `more than ${limits.files} files`);
    if (total > limits.totalBytes) fail(zipDirectory, `more than ${limits.totalBytes} bytes`);
    const records = read(directory.offset, directory.size);
    const entries = parseDirectory(records, directory.count);
    checkEnd(read, total, directory, entries);
    checkOrder(entries);
    for (const entry of entries) checkEntry(read, entry);
    return toSource(file, entries);
  } finally {
    closeSync(descriptor);
  }
}

function readRange(descriptor: number, total: number, offset: number, length: number): Buffer {
  if (offset < 0 || length < 0 || offset + length > total)
    fail(zipDirectory, 'it points outside of the file');
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const got = readSync(descriptor, bytes, done, length - done, offset + done);
    if (got === 0) fail(zipDirectory, 'the file ended while it was read');
    done += got;
  }
  return bytes;
}

function readEnd(read: Read, total: number): Directory {
  if (total < endBytes) fail(zipDirectory, 'this is no zip');
  const end = read(total - endBytes, endBytes);
  if (end.readUInt32LE(0) !== 0x06054b50) fail(zipDirectory, 'the zip does not end with its directory');
  const plain = { count: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const isLarge = plain.count === 0xffff || plain.size === 0xffffffff || plain.offset === 0xffffffff;
  return isLarge ? (readZip64End(read, total) ?? plain) : plain;
}

function readZip64End(read: Read, total: number): Directory | null {
  const at = total - endBytes - zip64LocatorBytes - zip64EndBytes;
  if (at < 0) return null;
  const end = read(at, zip64EndBytes);
  if (end.readUInt32LE(0) !== 0x06064b50) return null;
  return { count: uint64(end, 32), size: uint64(end, 40), offset: uint64(end, 48) };
}

function uint64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) fail(zipDirectory, 'a number in it is too large');
  return Number(value);
}

/** The entries as the directory claims them. */
function parseDirectory(records: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < records.length) {
    if (at + 46 > records.length || records.readUInt32LE(at) !== 0x02014b50)
      fail(zipDirectory, `its record ${entries.length} is malformed`);
    const nameLength = records.readUInt16LE(at + 28);
    const extraLength = records.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength;
    if (next > records.length) fail(zipDirectory, `its record ${entries.length} is malformed`);
    const isLarge = extraLength === 28 && records.readUInt32LE(at + 42) === 0xffffffff;
    const extra = at + 46 + nameLength;
    entries.push({
      name: records.subarray(at + 46, extra),
      crc: records.readUInt32LE(at + 16),
      size: isLarge ? uint64(records, extra + 4) : records.readUInt32LE(at + 24),
      offset: isLarge ? uint64(records, extra + 20) : records.readUInt32LE(at + 42),
    });
    at = next;
  }
  if (entries.length !== count) fail(zipDirectory, `it has ${entries.length} records and claims ${count}`);
  return entries;
}

/** No gaps, nothing before the first entry, nothing between the last and the directory, nothing after it. */
function checkEnd(read: Read, total: number, directory: Directory, entries: ZipEntry[]): void {
  let at = 0;
  for (const entry of entries) {
    if (entry.offset !== at)
      fail(zipDirectory, `"${entry.name.toString()}" does not lie where the entry before ends`);
    at += localHeaderBytes + entry.name.length + entry.size + descriptorBytes(entry);
  }
  if (directory.offset !== at) fail(zipDirectory, 'it does not lie where the last entry ends');
  const expected = Buffer.concat([
    ...entries.map(directoryRecord),
    directoryEnd(entries.length, directory.size, directory.offset),
  ]);
  const actual = read(directory.offset, total - directory.offset);
  if (!actual.equals(expected)) fail(zipDirectory, 'it is not as it would have been written');
}

/** Entries in byte order of their names: so none stands twice. */
function checkOrder(entries: ZipEntry[]): void {
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    if (before && Buffer.compare(before.name, entry.name) >= 0)
      fail(zipDirectory, `"${entry.name.toString()}" stands twice or out of order`);
  });
}

function checkEntry(read: Read, entry: ZipEntry): void {
  const name = entry.name.toString();
  const path = name.slice(name.indexOf('/') + 1);
  const header = read(entry.offset, localHeaderBytes + entry.name.length);
  const isNamed = header.subarray(localHeaderBytes).equals(entry.name);
  if (!isNamed) fail(zipDirectory, `the header of "${name}" has another name than the directory`);
  if (!header.equals(localHeader(entry))) fail(path, 'its zip header is not as it would have been written');
  const end = entry.offset + header.length + entry.size;
  if (!read(end, descriptorBytes(entry)).equals(dataDescriptor(entry)))
    fail(path, 'its zip descriptor and the zip directory differ');
}

function toSource(file: string, entries: ZipEntry[]): Source {
  const places = new Map<string, Place>();
  const folder = (entries[0]?.name.toString() ?? '').split('/')[0]!;
  for (const entry of entries) {
    const name = about(zipDirectory, () => fromUtf8(entry.name));
    const why = whyUnsafe(name);
    if (why) fail(name, `${why} is refused`);
    if (!name.startsWith(`${folder}/`)) fail(name, 'it lies outside of the one folder');
    const path = name.slice(folder.length + 1);
    const offset = entry.offset + localHeaderBytes + entry.name.length;
    places.set(path, { path, file, offset, size: entry.size, crc: entry.crc });
  }
  return { kind: 'zip', folder, places };
}
