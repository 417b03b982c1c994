import { open } from 'node:fs/promises';

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
export const createCaptureFile: OpenCaptureFile = async (path) => {
  const handle = await open(path, 'wx');
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
};
