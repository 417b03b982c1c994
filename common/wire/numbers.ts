/**
 * Reads decimal numbers from bytes by hand: a string per field would cost most of the time of a line.
 * A cursor instead of a result object, so that a line allocates nothing until it is accepted.
 */
export interface NumberReader {
  /** Where the next field begins. */
  at: number;
  /** Starts on a line. */
  begin(line: Uint8Array): void;
  /** An integer with an optional sign; NaN when there is none or it has more than 15 digits. */
  integer(): number;
  /** A number with an optional fraction after `point` (a byte); NaN as above. No exponents. */
  decimal(point: number): number;
  /** Steps over `byte` if it is the next one. */
  take(byte: number): boolean;
  /** Steps over blanks and tabs. */
  skipBlanks(): void;
  isAtEnd(): boolean;
}

const minus = 45;
const plus = 43;
const zero = 48;
/** More digits than a double holds exactly would be rounded without a word. */
const mostDigits = 15;
const powers = Array.from({ length: mostDigits + 1 }, (_, exponent) => 10 ** exponent);

export function createNumberReader(): NumberReader {
  let line = new Uint8Array(0);
  let digits = 0;
  const reader: NumberReader = {
    at: 0,
    begin(next) {
      line = next as Uint8Array<ArrayBuffer>;
      reader.at = 0;
    },
    integer() {
      const negative = takeSign();
      digits = 0;
      const value = takeDigits(0);
      if (digits === 0 || digits > mostDigits) return NaN;
      return negative && value !== 0 ? -value : value;
    },
    decimal(point) {
      const negative = takeSign();
      digits = 0;
      let value = takeDigits(0);
      if (digits === 0) return NaN;
      if (reader.take(point)) {
        const whole = digits;
        value = takeDigits(value);
        if (digits === whole || digits > mostDigits) return NaN;
        // A quotient of two exact doubles: correctly rounded, as Number() would be.
        value /= powers[digits - whole]!;
      }
      if (digits > mostDigits) return NaN;
      return negative && value !== 0 ? -value : value;
    },
    take(byte) {
      if (line[reader.at] !== byte) return false;
      reader.at++;
      return true;
    },
    skipBlanks() {
      while (line[reader.at] === 32 || line[reader.at] === 9) reader.at++;
    },
    isAtEnd: () => reader.at === line.length,
  };

  function takeSign(): boolean {
    const byte = line[reader.at];
    if (byte === minus || byte === plus) reader.at++;
    return byte === minus;
  }

  function takeDigits(value: number): number {
    for (; reader.at < line.length; reader.at++) {
      const digit = line[reader.at]! - zero;
      if (digit < 0 || digit > 9) break;
      digits++;
      value = value * 10 + digit;
    }
    return value;
  }

  return reader;
}
