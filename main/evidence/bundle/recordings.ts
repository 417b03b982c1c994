/** Which recordings a bundle holds: exactly those that an entry names by digest, in the length that it names. */
import { join } from 'node:path';
import type { Entry, EvidenceRef } from '../../../common/ledger/types.ts';
import type { CastMark } from './cast.ts';
import type { BagFile } from './files.ts';

/** A recording that is still open: its first `bytes` bytes, named by an entry before checkpoint N. */
export interface OpenFile {
  /** Relative to the incident's folder: `captures/x.mcap`, `sessions/x.bytes`. */
  name: string;
  path: string;
  bytes: number;
  sha256: string;
}

export interface Recordings {
  /** Takes the next entry in. */
  add(entry: Entry): void;
  /** The files, those that are open at the path of their sealed part. */
  files(folder: string, open: readonly OpenFile[]): BagFile[];
  /** Sessions whose bytes and timing are both named. */
  sessions(): string[];
  /** Where each command of a session began in its bytes. */
  marks(session: string): CastMark[];
}

export function createRecordings(): Recordings {
  const named = new Map<string, EvidenceRef>();
  const marks = new Map<string, CastMark[]>();
  const name = (path: string, blob: EvidenceRef | undefined) => blob && named.set(path, blob);
  return {
    add({ head, body }) {
      const { data, evidence } = body;
      const text = (member: string) => String(data[member]);
      if (head.type === 'capture.closed' || head.type === 'capture.exported') name(text('file'), evidence[0]);
      if (head.type === 'session.ended' || head.type === 'session.exported') {
        name(`sessions/${text('session')}.bytes`, evidence[0]);
        name(`sessions/${text('session')}.timing`, evidence[1]);
      }
      if (head.type === 'command.started') {
        const mark = { offset: Number(data.from), entry: head.id };
        marks.set(text('session'), [...(marks.get(text('session')) ?? []), mark]);
      }
    },
    files(folder, open) {
      const parts = new Map(open.map((file) => [file.name, file]));
      return [...named].map(([path, { sha256, bytes }]) => {
        const part = parts.get(path);
        return {
          path: `data/${path}`,
          file: part?.sha256 === sha256 ? part.path : join(folder, path),
          bytes,
        };
      });
    },
    sessions: () =>
      [...named.keys()].flatMap((path) => {
        const session = /^sessions\/(.+)\.timing$/.exec(path)?.[1];
        return session !== undefined && named.has(`sessions/${session}.bytes`) ? [session] : [];
      }),
    marks: (session) => marks.get(session) ?? [],
  };
}
