import type { ProbeReport } from '../../common/contract/devices.ts';
import { toHex } from '../../common/lib/bytes.ts';
import { createSplitter } from '../../common/wire/splitter.ts';

/** The newest of what was heard, for a person to look at. */
export interface ProbeSample {
  push(chunk: Uint8Array): void;
  /** At most 8 lines of at most 120 bytes, as text (what can't be printed as ·) and as hex bytes. */
  lines(): ProbeReport['lines'];
}

const mostLines = 8;
const mostBytes = 120;

export function createProbeSample(): ProbeSample {
  const kept: Uint8Array[] = [];
  const keep = (part: Uint8Array) => {
    if (part.length === 0) return;
    kept.push(part.slice());
    if (kept.length > mostLines) kept.shift();
  };
  const splitter = createSplitter(mostBytes, { onLine: keep, onRejected: keep });
  return { push: splitter.push, lines: () => kept.map(shown) };
}

function shown(bytes: Uint8Array): { text: string; hex: string } {
  // What is no UTF-8 comes out as U+FFFD.
  const text = new TextDecoder().decode(bytes).replaceAll(/[\p{C}\uFFFD]/gu, '·');
  return { text, hex: toHex(bytes).replaceAll(/(..)(?=.)/g, '$1 ') };
}
