import { open } from 'node:fs/promises';
import { tailBytes } from './pyramid-layout.ts';

/** What tells one finished capture from any other, and from itself when it was changed. */
export interface CaptureIdentity {
  bytes: number;
  /** The last bytes in base64: they hold the checksum of the summary, which lists all chunks. */
  tail: string;
}

/** Rejects as the system does where there is no such file. */
export async function identityOf(path: string): Promise<CaptureIdentity> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    await handle.read(tail, 0, tail.length, size - tail.length);
    return { bytes: size, tail: tail.toString('base64') };
  } finally {
    await handle.close();
  }
}

export const isSame = (a: CaptureIdentity, b: CaptureIdentity): boolean =>
  a.bytes === b.bytes && a.tail === b.tail;
