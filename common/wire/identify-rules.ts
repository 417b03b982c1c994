import type { Candidate } from './identify-candidates.ts';
import { createPairSteps } from './pair-steps.ts';

/**
 * Rules that part dialects whose lines fit each other. A rule follows the lines that its candidate accepted and says how
 * well they are what the dialect means, 0 to 1, and why.
 */
export interface Rule {
  follow(line: Uint8Array): void;
  verdict(): { fit: number; why?: string };
}

/** A line this sure by itself: what two, three … of them add is in `identify.ts`. */
export const strengthOf: Readonly<Record<string, number>> = {
  'hx711-csv': 0.35,
  'hx711-reading': 0.9,
  'hx711-average': 0.9,
  'hx711-loadcell': 0.9,
  'hx711-weight-raw': 0.9,
  csv: 0.3,
  teleplot: 0.5,
  'beam-events': 0.8,
  'beam-text': 0.7,
  'beam-level': 0.3,
  tegrastats: 0.95,
  frames: 0.98,
};

/** What fits any numbers is never as sure as what is made for one thing. */
const general = 0.75;
const unlikely = 0.3;
/** Half of 24 bits. A bridge gives a few per cent of full scale: what is here as it stands, has its zero elsewhere. */
const half = 2 ** 23;

export function ruleOf(candidate: Candidate): Rule {
  const { name } = candidate.dialect;
  if (name === 'csv') return fixed(general);
  if (name === 'teleplot') return fixed(0.9);
  if (name === 'beam-level')
    return fixed(0.9, 'digits 0 and 1 alone; whether 0 or 1 means broken can’t be seen from them');
  if (name === 'hx711-csv') return both(cellRule(candidate), zeroRule(candidate));
  if (name === 'hx711-reading' || name === 'hx711-weight-raw') return zeroRule(candidate);
  return fixed(1);
}

function fixed(fit: number, why?: string): Rule {
  return { follow: () => undefined, verdict: () => (why === undefined ? { fit } : { fit, why }) };
}

function both(first: Rule, second: Rule): Rule {
  return {
    follow(line) {
      first.follow(line);
      second.follow(line);
    },
    verdict() {
      const [a, b] = [first.verdict(), second.verdict()];
      const why = [a.why, b.why].filter((text) => text !== undefined).join('; ');
      return { fit: a.fit * b.fit, ...(why && { why }) };
    },
  };
}

/** Counts and grams of one cell, or any two numbers? */
function cellRule({ sink, options }: Candidate): Rule {
  const steps = createPairSteps();
  let large = 0;
  let hasNegative = false;
  let parted = 0;
  let leadingZeros = 0;
  return {
    follow(line) {
      const [raw, weight] = sink.values as unknown as [number, number];
      steps.add(raw, weight);
      // Of what is sent, not of what it means: a zero in the middle is large too.
      const sent = options.offsetBinary ? raw + half : raw;
      if (Math.abs(sent) >= 4096) large++;
      if (sent < 0) hasNegative = true;
      if (!options.decimal) return;
      if (line.indexOf(59) < 0) parted++;
      if (/,\d+,0\d*$/.test(String.fromCharCode(...line).trim())) leadingZeros++;
    },
    verdict() {
      const isLarge = large >= steps.count * 0.8;
      if (steps.count >= 8 && steps.rising >= 0.9)
        return { fit: unlikely, why: 'the first column only rises, as a time or a counter does' };
      if (steps.moves >= 10 && steps.agreement >= 0.9 && (isLarge || hasNegative))
        return { fit: 0.99, why: 'the second column follows the first' };
      // Three whole numbers look like a number and one with a decimal comma.
      if (parted > steps.count / 2 && leadingZeros === 0) return { fit: unlikely };
      if (isLarge) return { fit: 0.9, why: 'counts and grams by their size' };
      if (steps.still === 1 && (steps.last === 0 || steps.last === -1))
        return { fit: 0.8, why: `flat ${steps.last}, as a cell with a broken line gives` };
      return { fit: unlikely };
    },
  };
}

/** Two's complement, or with its zero in the middle of the scale? */
function zeroRule({ sink, options: { offsetBinary = false } }: Candidate): Rule {
  let count = 0;
  let nearMiddle = 0;
  let atEnd = 0;
  return {
    follow() {
      if (sink.count === 0) return;
      count++;
      const sent = sink.values[0]! + (offsetBinary ? half : 0);
      if (sent === half - 1 || sent === -half) atEnd++;
      else if (sent > half * 0.75) nearMiddle++;
    },
    verdict() {
      const isOffset = count > 0 && nearMiddle > count / 2 && atEnd < count / 2;
      if (isOffset === offsetBinary)
        return offsetBinary ? { fit: 1, why: 'its zero is in the middle of 24 bits' } : { fit: 1 };
      return { fit: 0.5 };
    },
  };
}
