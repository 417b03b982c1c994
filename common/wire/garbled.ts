/** Tells bytes that were read at a wrong rate (or from a line without ground) from text. */
export interface GarbledWatch {
  push(chunk: Uint8Array): void;
  /** Whether the newest bytes look as if something else had been sent. Bytes of a binary form do so too. */
  looksGarbled(): boolean;
}

/** Older bytes count half when so many have come. */
const windowBytes = 1024;
/** Control bytes and bytes over 127 that are no UTF-8: most wrong rates give a third of them and more. */
const fewestForStrange = 8;
const strangeShare = 0.15;
/**
 * Half the rate that was sent can give printable bytes alone. Then they are seldom those that text is mostly made of, or
 * no line ends are among them.
 */
const fewestForPlain = 24;
const plainShare = 0.4;
const fewestForEnds = 64;

const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[a-z0-9 ,.:=-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const isPrintable = (byte: number) => (byte >= 32 && byte < 127) || byte === 9;
const isEnd = (byte: number) => byte === 10 || byte === 13;

export function createGarbledWatch(): GarbledWatch {
  const counts = { bytes: 0, strange: 0, plain: 0, ends: 0 };
  let before = 0;
  /** Bytes that a UTF-8 character still needs, and how many it has had. */
  let needed = 0;
  let taken = 0;

  function follow(byte: number): void {
    if (needed > 0 && (byte & 0xc0) === 0x80) {
      taken++;
      needed--;
      return;
    }
    // A character that was begun and is none is strange, all of it.
    if (needed > 0) counts.strange += taken;
    needed = byte < 0xc2 || byte >= 0xf5 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    taken = 1;
    // A lone § of Latin-1 stands between a number and its unit (Teleplot).
    const isSection = byte === 0xa7 && before >= 48 && before <= 57;
    if (needed === 0 && !isPrintable(byte) && !isEnd(byte) && !isSection) counts.strange++;
  }

  function halve(): void {
    counts.bytes /= 2;
    counts.strange /= 2;
    counts.plain /= 2;
    counts.ends /= 2;
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        follow(byte);
        if (isEnd(byte)) counts.ends++;
        counts.plain += plain[byte]!;
        before = byte;
        if (++counts.bytes >= windowBytes) halve();
      }
    },
    looksGarbled() {
      const { bytes, strange, plain: plainBytes, ends } = counts;
      if (bytes >= fewestForStrange && strange >= bytes * strangeShare) return true;
      if (bytes >= fewestForPlain && plainBytes < (bytes - ends) * plainShare) return true;
      return bytes >= fewestForEnds && ends === 0;
    },
  };
}
