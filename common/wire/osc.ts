/**
 * Finds the semantic prompt marks in a terminal's output: OSC 133 and OSC 633 (FORMATS, Semantic prompts).
 * Streaming, across any chunk borders, with a bounded memory of `maxMark` bytes.
 */

/** A longer one is not a mark. A line of 20 000 characters fits, escaped. */
const maxMark = 128 * 1024;

const escape = 0x1b;
const bell = 0x07;
const prefixes = ['\x1b]133;', '\x1b]633;'];
const prefixLength = 6;

export interface OscMark {
  family: 133 | 633;
  /** A prompt, B input, C output, D done, E line, P property. */
  code: string;
  /** What follows the code, split at `;`, still escaped (`unescapeMark`). */
  params: string[];
}

/** A run of output. Segments joined are the output, nothing left out; `mark` says what the run means. */
export interface OscSegment {
  /** Where it starts, from the first byte scanned. */
  offset: number;
  bytes: Uint8Array;
  mark: OscMark | null;
}

export interface OscScanner {
  /** What is certain by now; the beginning of a mark is held back. Plain runs share the memory of `chunk`. */
  scan(chunk: Uint8Array): OscSegment[];
  /** What was held back at the end. */
  end(): OscSegment[];
}

export function createOscScanner(): OscScanner {
  let offset = 0;
  let held: number[] = [];
  let segments: OscSegment[] = [];

  const emit = (bytes: Uint8Array, mark: OscMark | null) => {
    if (bytes.length === 0) return;
    segments.push({ offset, bytes, mark });
    offset += bytes.length;
  };
  const take = () => {
    const taken = segments;
    segments = [];
    return taken;
  };
  /** One byte after the held ones. False: they are no mark; the byte is to be looked at again. */
  const hold = (byte: number): boolean => {
    const fits = judge(held, byte);
    if (fits === 'no') {
      // An escape that did not end this sequence may start the next.
      const again = held.length > prefixLength && held.at(-1) === escape ? [escape] : [];
      emit(Uint8Array.from(again.length > 0 ? held.slice(0, -1) : held), null);
      held = again;
      return false;
    }
    held.push(byte);
    if (fits === 'end') {
      const bytes = Uint8Array.from(held);
      emit(bytes, parseMark(bytes));
      held = [];
    }
    return true;
  };

  return {
    scan: (chunk) => {
      let at = 0;
      while (at < chunk.length) {
        if (held.length > 0) {
          if (hold(chunk[at]!)) at++;
          continue;
        }
        const start = chunk.indexOf(escape, at);
        emit(chunk.subarray(at, start < 0 ? chunk.length : start), null);
        if (start < 0) break;
        held = [escape];
        at = start + 1;
      }
      return take();
    },
    end: () => {
      emit(Uint8Array.from(held), null);
      held = [];
      return take();
    },
  };
}

function judge(held: number[], byte: number): 'more' | 'end' | 'no' {
  const length = held.length;
  if (length < prefixLength) {
    const soFar = String.fromCharCode(...held, byte);
    return prefixes.some((prefix) => prefix.startsWith(soFar)) ? 'more' : 'no';
  }
  if (length > prefixLength && held[length - 1] === escape) return byte === 0x5c ? 'end' : 'no';
  if (byte === bell) return 'end';
  if (byte === escape) return 'more';
  return byte < 0x20 || length >= maxMark ? 'no' : 'more';
}

function parseMark(bytes: Uint8Array): OscMark {
  const tail = bytes.at(-1) === bell ? 1 : 2;
  const text = new TextDecoder().decode(bytes.subarray(prefixLength, bytes.length - tail));
  const [code = '', ...params] = text.split(';');
  return { family: bytes[2] === 0x31 ? 133 : 633, code, params };
}

/** Undoes the escapes of OSC 633: `\\` and `\xHH`. */
export function unescapeMark(text: string): string {
  return text.replace(/\\(?:\\|x([0-9a-fA-F]{2}))/g, (_whole, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(parseInt(hex, 16)),
  );
}
