/** Lines of transcripts as they stand in their files: what a finding about an agent rests on. */
import { open, type FileHandle } from 'node:fs/promises';
import { utf8 } from '../../../common/lib/bytes.ts';
import { timestamp } from '../../../common/lib/clock.ts';
import { messageOf } from '../../../common/lib/errors.ts';
import type { Source } from '../../../common/transcript/index.ts';
import type { CheckEvidence } from '../check.ts';
import type { AgentTranscripts } from './transcripts.ts';
import type { TranscriptFile } from './transcript-file.ts';

/** A place in a transcript, and what stands there. */
export interface Place {
  file: TranscriptFile;
  source: Source;
  what: string;
}

const mostPlaces = 60;
const mostOfLine = 8 * 1024;

export async function excerptEvidence(
  name: string,
  seen: AgentTranscripts,
  places: readonly Place[],
): Promise<CheckEvidence> {
  const parts = [utf8(headOf(seen))];
  for (const [file, own] of byFile(places.slice(0, mostPlaces))) {
    parts.push(utf8(`\n# ${file.path}\n`));
    parts.push(...(await linesOf(file, own)));
  }
  if (places.length > mostPlaces) parts.push(utf8(`\n… (${places.length - mostPlaces} more places)\n`));
  return { name, media: 'text/plain', bytes: new Uint8Array(Buffer.concat(parts)) };
}

function headOf({ agent, looked, files, leftOut, problems, rules }: AgentTranscripts): string {
  const told = files.map(
    ({ path, bytes, modified, format, lines, fromLine, unread }) =>
      `${path}: ${bytes} bytes, changed ${timestamp(Math.round(modified * 1000))}, ${format ?? 'no known format'}, ${lines} lines from line ${fromLine}, ${unread.count} unreadable`,
  );
  return [
    `Transcripts of ${agent.name} under ${looked}`,
    ...told,
    ...(leftOut > 0 ? [`${leftOut} more not read`] : []),
    ...problems,
    ...rules.files.map((file) => `rules from ${file}`),
    ...rules.missing.map((missing) => `no rules: ${missing}`),
    '',
  ].join('\n');
}

function byFile(places: readonly Place[]): Map<TranscriptFile, Place[]> {
  const files = new Map<TranscriptFile, Place[]>();
  for (const place of places) files.set(place.file, [...(files.get(place.file) ?? []), place]);
  for (const own of files.values()) own.sort((a, b) => a.source.offset - b.source.offset);
  return files;
}

async function linesOf(file: TranscriptFile, places: Place[]): Promise<Uint8Array[]> {
  try {
    const handle = await open(file.path, 'r');
    try {
      const parts: Uint8Array[] = [];
      for (const { source, what } of places) {
        parts.push(utf8(`\nline ${source.line}: ${what}\n`));
        parts.push(await lineAt(handle, source.offset), utf8('\n'));
      }
      return parts;
    } finally {
      await handle.close();
    }
  } catch (error) {
    // It may have been taken away since it was read.
    return [utf8(`can't be read any more: ${messageOf(error)}\n`)];
  }
}

async function lineAt(handle: FileHandle, offset: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(mostOfLine), 0, mostOfLine, offset);
  const end = buffer.subarray(0, bytesRead).indexOf(10);
  if (end >= 0) return buffer.subarray(0, end);
  const kept = buffer.subarray(0, bytesRead);
  return bytesRead < mostOfLine ? kept : Buffer.concat([kept, utf8('… (the line goes on)')]);
}
