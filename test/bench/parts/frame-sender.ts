/**
 * In a process of its own: a board at the other end of a PTY that sends its own count as fast as the line takes it, in
 * frames of 32-bit samples. Tells its port's path; begins on the word `go`; after `seconds` tells how much it sent.
 */
import { createFrameEncoder } from '../../../common/wire/frame-encoder.ts';
import { createPtyPair } from '../../fakes/pty-pair.ts';

const seconds = Number(process.argv[2]);
const rows = 500;
/** Microseconds from one sample to the next as the board says them. */
const interval = 1;

const pair = createPtyPair();
const encoder = createFrameEncoder({ channels: 1, width: 4, interval });

async function send(): Promise<number> {
  const samples = new Int32Array(rows);
  let count = 0;
  const began = performance.now();
  const passed = () => Math.round((performance.now() - began) * 1000);
  while (passed() < seconds * 1e6) {
    for (let i = 0; i < rows; i++) samples[i] = count++;
    // Waits where the line is full: a PTY loses nothing of what it has taken.
    await pair.write(encoder.encode(passed(), samples));
  }
  return count;
}

process.on('message', (word) => {
  if (word === 'go') void send().then((sent) => process.send?.({ sent }));
  else void pair.unplug().then(() => process.exit(0));
});
process.send?.({ path: pair.path });
