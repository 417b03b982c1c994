import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { WarroomError } from '../../common/lib/errors.ts';

/**
 * Sends a whole file, with its length. Rejects before any header when it can't be opened. Rejects after the headers
 * when it can't be read to its end: then the answer must be destroyed, so that it does not look whole.
 * A page that goes away meanwhile is no failure.
 */
export async function sendFile(
  path: string,
  headers: Record<string, string>,
  response: ServerResponse,
): Promise<void> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (response.destroyed) return;
    response.writeHead(200, { ...headers, 'Content-Length': size });
    const file = handle.createReadStream({ autoClose: false });
    // Ended below: Node ends an answer that is shorter than its length as if it were whole.
    await pipeline(file, response, { end: false });
    if (file.bytesRead !== size)
      throw new WarroomError('damaged', `${path} had ${size} bytes, and ${file.bytesRead} when it was sent.`);
    response.end();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    await handle.close();
  }
}
