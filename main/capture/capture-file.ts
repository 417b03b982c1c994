import { open, type FileHandle } from 'node:fs/promises';
import { WarroomError } from '../../common/lib/errors.ts';

/** The few things that a recorder does with its file. */
export interface CaptureFile {
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Puts what was written on the disk. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export type OpenCaptureFile = (path: string) => Promise<CaptureFile>;

/** Makes a new file. Rejects with EEXIST where there is one. */
export const createCaptureFile: OpenCaptureFile = async (path) => fileOf(await open(path, 'wx'));

/** Opens a file that is there. */
export const reopenCaptureFile: OpenCaptureFile = async (path) => fileOf(await open(path, 'r+'));

function fileOf(handle: FileHandle): CaptureFile {
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    datasync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

/** Copies the first `length` bytes of a file to a new one and ends it with `closing`. On an error the new one is incomplete. */
export async function copyPrefix(
  from: string,
  to: string,
  length: number,
  closing: Uint8Array,
): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await createCaptureFile(to);
    try {
      const buffer = new Uint8Array(1 << 20);
      for (let at = 0; at < length;) {
        const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, length - at), at);
        if (bytesRead === 0) throw new WarroomError('damaged', `${from} is shorter than what was written.`);
        await target.write(buffer.subarray(0, bytesRead), at);
        at += bytesRead;
      }
      await target.write(closing, length);
      await target.datasync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
