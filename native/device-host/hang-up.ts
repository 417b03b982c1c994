import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

const readSome = promisify(read);

/** What serialport's ports are on Linux and macOS: a non-blocking descriptor and what waits for it. */
interface UnixPort {
  fd: number | null;
  poller: { once(event: 'readable', listener: (error: Error | null) => void): void };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

/**
 * Makes an open port notice that it was hung up. When a terminal is pulled while serialport 13 reads (and does not wait), the
 * system answers each read with 0 bytes; serialport then reads again at once, for ever: no `close`, and one core is busy.
 * Here 0 bytes are an end, which they are: an open port without data answers EAGAIN. Call it before the first read.
 */
export function noticeHangUp(port: SerialPort): void {
  const binding = port.port as unknown as UnixPort | undefined;
  // Windows has no descriptor, and no such loop.
  if (!binding || !('poller' in binding)) return;
  binding.read = async (buffer, offset, length) => {
    for (;;) {
      if (binding.fd === null) throw Object.assign(new Error('the port is closed'), { canceled: true });
      try {
        const { bytesRead } = await readSome(binding.fd, buffer, offset, length, null);
        if (bytesRead === 0) throw new Error('hung up');
        return { buffer, bytesRead };
      } catch (error) {
        if (!isTransient(error)) throw error;
        await readable(binding);
      }
    }
  };
}

function isTransient(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK' || code === 'EINTR';
}

/** Rejects when the port is closed meanwhile (`canceled`, of which the stream knows) or hung up. */
function readable(binding: UnixPort): Promise<void> {
  if (binding.fd === null)
    return Promise.reject(Object.assign(new Error('the port is closed'), { canceled: true }));
  return new Promise((resolve, reject) =>
    binding.poller.once('readable', (error) => (error ? reject(error) : resolve())),
  );
}
