import { equalBytes, utf8 } from '../lib/bytes.ts';
import type { ReadingSink, RemarkSeverity } from './types.ts';

/** Answers whether a line is one of a firmware's own texts, and remarks it then. Blanks at the end don't matter. */
export function createKnownRemarks(
  texts: Record<string, RemarkSeverity>,
): (line: Uint8Array, out: ReadingSink) => boolean {
  const known = Object.entries(texts).map(([text, severity]) => ({ text, severity, bytes: utf8(text) }));
  return (line, out) => {
    let end = line.length;
    while (line[end - 1] === 32) end--;
    const said = known.find(({ bytes }) => bytes.length === end && equalBytes(bytes, line.subarray(0, end)));
    if (said) out.remark(said.text, said.severity);
    return said !== undefined;
  };
}
