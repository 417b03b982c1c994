/** The heavy work of an export: hashing files, and the zip of FORMATS. Runs in a worker thread. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file of the bag: its first `bytes` bytes (a recording may have grown since). */
export interface BagFile {
  /** Relative to the bag, `data/…`. */
  path: string;
  file: string;
  bytes: number;
}

export interface Progress {
  (bytesDone: number): void;
}

const chunkBytes = 1 << 20;

function open({ file, bytes }: BagFile): Readable {
  if (bytes === 0) return Readable.from([]);
  return createReadStream(file, { start: 0, end: bytes - 1, highWaterMark: chunkBytes });
}

/** SHA-512 of each file, hex, by its path. Rejects when a file is shorter than it says. */
export async function hashFiles(files: BagFile[], progress: Progress): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  let done = 0;
  for (const file of files) {
    const hash = createHash('sha512');
    let bytes = 0;
    for await (const chunk of open(file) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      progress((done += chunk.length));
    }
    if (bytes !== file.bytes)
      throw new Error(`${file.path} has ${bytes} bytes where ${file.bytes} were recorded`);
    hashes.set(file.path, hash.digest('hex'));
  }
  return hashes;
}

/** Every entry alike: stored, one time stamp, one mode; so that the same files give the same bytes. */
const entryOptions = {
  compress: false,
  forceDosTimestamp: true,
  // DOS times are local: this is 1980-01-01 00:00:00 wherever it is written.
  mtime: new Date(1980, 0, 1),
  mode: 0o100644,
};

/** Writes the zip: one folder, entries in the order given (byte order of their names). */
export async function writeZip(
  folder: string,
  files: BagFile[],
  target: string,
  progress: Progress,
): Promise<{ bytes: number; sha256: string }> {
  const zip = new ZipFile();
  const failed = Promise.withResolvers<never>();
  (zip as unknown as NodeJS.EventEmitter).once('error', failed.reject);
  // yazl does not listen to what it reads.
  const source = (file: BagFile) => open(file).once('error', failed.reject);
  for (const file of files)
    zip.addReadStreamLazy(`${folder}/${file.path}`, { ...entryOptions, size: file.bytes }, (give) =>
      give(null, source(file)),
    );
  zip.end();
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = async function* (zipped: AsyncIterable<Buffer>) {
    for await (const chunk of zipped) {
      hash.update(chunk);
      progress((bytes += chunk.length));
      yield chunk;
    }
  };
  const written = pipeline(
    zip.outputStream as Readable,
    measured,
    createWriteStream(target, { flags: 'wx', flush: true }),
  );
  await Promise.race([written, failed.promise]);
  return { bytes, sha256: hash.digest('hex') };
}
