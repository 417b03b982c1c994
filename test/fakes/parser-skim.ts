/** Many damaged lines of one dialect in little time: its parser behind the splitter, and nothing else. */
import { dialectOf } from '../../common/wire/index.ts';
import { createSplitter } from '../../common/wire/splitter.ts';
import { deviceLines } from './device-lines.ts';
import { createMutator } from './mutate.ts';
import { checkedParser, type FuzzReport } from './parser-fuzz.ts';

/** So many lines are damaged by the mutator; each is then used so often, each time with another byte overwritten. */
const poolLines = 2_048;
const usesOfPool = 16;

/** Feeds `lines` damaged lines of a dialect to its parser. The same seed does the same. */
export function skimDialect(name: string, lines: number, seed: number): FuzzReport {
  const report: FuzzReport = { bytes: 0, acceptedLines: 0, rejectedBytes: 0, broken: [] };
  const broke = (rule: string) => report.broken.length < 5 && report.broken.push(`${name}: ${rule}`);
  const dialect = dialectOf(name);
  const checked = checkedParser(dialect, broke);
  const endByte = dialect.ends === 'zero' ? 0 : 10;
  const otherEnd = endByte === 10 ? 13 : endByte;
  const mutator = createMutator(seed);
  const next = deviceLines(name, {}, seed);
  const random = createFastRandom(seed);
  let acceptedBytes = 0;
  let ends = 0;

  function endsIn(bytes: Uint8Array): number {
    let found = 0;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === endByte || bytes[i] === otherEnd) found++;
    return found;
  }

  const splitter = createSplitter(
    dialect.maxLineBytes,
    {
      onLine(line) {
        if (checked(line)) {
          acceptedBytes += line.length;
          report.acceptedLines++;
        } else report.rejectedBytes += line.length;
      },
      onRejected: (part) => void (report.rejectedBytes += part.length),
    },
    dialect.ends,
  );

  for (let done = 0; done < lines; done += poolLines * usesOfPool) {
    const { bytes, starts } = damagedPool(() => mutator.mutate(next()), endByte);
    for (let use = 0; use < usesOfPool; use++) {
      // Of every line another byte: what was damaged stays so.
      for (let i = 0; i + 1 < starts.length; i++) {
        const length = starts[i + 1]! - starts[i]!;
        bytes[starts[i]! + (random() % length)] = random() & 255;
      }
      report.bytes += bytes.length;
      ends += endsIn(bytes);
      splitter.push(bytes);
    }
  }
  splitter.end();
  if (acceptedBytes + report.rejectedBytes + ends !== report.bytes)
    broke(`${report.bytes} bytes in, ${acceptedBytes} + ${report.rejectedBytes} + ${ends} out`);
  return report;
}

/** Damaged lines in one piece, and where each begins; the last entry is the end. */
function damagedPool(next: () => Uint8Array, endByte: number): { bytes: Uint8Array; starts: number[] } {
  const parts: Uint8Array[] = [];
  const starts = [0];
  for (let i = 0; i < poolLines; i++) {
    const line = Uint8Array.from([...next(), endByte]);
    parts.push(line);
    starts.push(starts.at(-1)! + line.length);
  }
  const bytes = new Uint8Array(starts.at(-1)!);
  parts.forEach((part, i) => bytes.set(part, starts[i]));
  return { bytes, starts };
}

/** Xorshift of 32 bits: whole numbers from 1 on. */
function createFastRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
