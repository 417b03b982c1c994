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
  /**
   * As `decimal`, but also what languages with doubles print: up to 17 digits (rounded), an exponent. Finite or NaN.
   * Slower for those.
   */
  real(point: number): number;
  /** Steps over `byte` if it is the next one. */
  take(byte: number): boolean;
  /** Steps over `text` if it is what comes next. */
  takeAll(text: Uint8Array): boolean;
  /** Steps over blanks and tabs. */
  skipBlanks(): void;
  isAtEnd(): boolean;
}

const minus = 45;
const plus = 43;
const zero = 48;
const dot = 46;
const exponentMark = 101; // e
/** A double has at most so many characters in any language's shortest or full form. */
const longestReal = 40;
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
      const bytes = line;
      const end = bytes.length;
      let at = reader.at;
      const first = at < end ? bytes[at]! : 0;
      if (first === minus || first === plus) at++;
      const from = at;
      let value = 0;
      for (; at < end; at++) {
        const digit = bytes[at]! - zero;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      reader.at = at;
      digits = at - from;
      if (digits === 0 || digits > mostDigits) return NaN;
      return first === minus && value !== 0 ? -value : value;
    },
    decimal(point) {
      const bytes = line;
      const end = bytes.length;
      let at = reader.at;
      const first = at < end ? bytes[at]! : 0;
      if (first === minus || first === plus) at++;
      const from = at;
      let pointAt = -1;
      let value = 0;
      for (; at < end; at++) {
        const digit = bytes[at]! - zero;
        if (digit >= 0 && digit <= 9) value = value * 10 + digit;
        else if (pointAt < 0 && bytes[at] === point && at > from) pointAt = at;
        else break;
      }
      reader.at = at;
      const fraction = pointAt < 0 ? 0 : at - pointAt - 1;
      digits = fraction === 0 ? at - from : at - from - 1;
      if (pointAt === at - 1 || digits === 0 || digits > mostDigits) return NaN;
      // A quotient of two exact doubles: correctly rounded, as Number() would be.
      if (fraction > 0) value /= powers[fraction]!;
      return first === minus && value !== 0 ? -value : value;
    },
    real(point) {
      const from = reader.at;
      const value = reader.decimal(point);
      const isPlain = digits <= mostDigits && (line[reader.at]! | 32) !== exponentMark;
      return isPlain ? value : slowReal(from, point);
    },
    take(byte) {
      if (line[reader.at] !== byte) return false;
      reader.at++;
      return true;
    },
    takeAll(text) {
      const bytes = line;
      const from = reader.at;
      for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false;
      reader.at = from + text.length;
      return true;
    },
    skipBlanks() {
      while (line[reader.at] === 32 || line[reader.at] === 9) reader.at++;
    },
    isAtEnd: () => reader.at === line.length,
  };

  /** Reads from `from` as text. */
  function slowReal(from: number, point: number): number {
    let text = '';
    let at = from;
    for (; at < line.length && text.length < longestReal; at++) {
      const byte = line[at]!;
      const follows = at > from && (line[at - 1]! | 32) === exponentMark;
      const isSign = (byte === minus || byte === plus) && (at === from || follows);
      if (byte !== point && !isSign && !isDigit(byte) && (byte | 32) !== exponentMark) break;
      text += String.fromCharCode(byte === point ? dot : byte);
    }
    if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return NaN;
    reader.at = at;
    const value = Number(text);
    return Number.isFinite(value) ? value + 0 : NaN;
  }

  return reader;
}

const isDigit = (byte: number) => byte >= zero && byte <= zero + 9;
