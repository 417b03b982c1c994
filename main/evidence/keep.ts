import { cutText } from '../../common/lib/cut-text.ts';
import type { contract } from '../../common/contract/index.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import type { State } from '../../common/incident/state.ts';
import type { EvidenceRef, Rung } from '../../common/ledger/types.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { AppendFor } from '../ladder/index.ts';
import type { Call, Handlers } from '../platform/call.ts';
import { createUploads } from './uploads.ts';

/** What keeping needs from the open incident. */
export interface KeepDeps {
  appendFor: AppendFor;
  state(): State;
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>, media: string): Promise<EvidenceRef>;
  /** A window of channels as a file of its own. */
  exportWindow(channels: string[], from: number, to: number): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
  /** A picture of it (SVG), which is kept beside. */
  picture(title: string, channels: string[], from: number, to: number): Uint8Array;
  /** A command's whole output. */
  commandOutput(command: string): Promise<Uint8Array>;
  /** A path on the page's origin that shows the blob once. */
  ticket(blob: EvidenceRef, name: string): string;
  newId(): string;
}

interface FileDetails {
  name: string;
  media: string;
  rung?: Rung | undefined;
  note?: string | undefined;
  /** The incident that it was dropped into. */
  incident: string | undefined;
}

const mcapMedia = 'application/vnd.mcap';

/** The locker's methods: what is kept becomes an immutable blob and an `evidence.kept` entry. */
export function createEvidenceApi(deps: KeepDeps): Handlers<typeof contract.evidence> {
  const uploads = createUploads<FileDetails>(deps.newId);

  const incident = () => deps.state().incident?.id;
  /** Storing takes its time: the entry is only for the incident that was open when it began, as the blob is. */
  const append = (
    call: Call,
    rung: Rung | undefined,
    began: string | undefined,
    blobs: EvidenceRef[],
    data: DataOf<'evidence.kept'>,
  ) => {
    if (incident() !== began)
      throw new WarroomError(
        'cancelled',
        'The incident was left while this was being kept.',
        'Open it again and keep it there.',
      );
    return deps.appendFor(call, { type: 'evidence.kept', data, evidence: blobs, ...(rung && { rung }) });
  };
  const keep = async (
    call: Call,
    rung: Rung | undefined,
    make: () => Promise<EvidenceRef[]>,
    data: DataOf<'evidence.kept'>,
  ) => {
    const began = incident();
    return append(call, rung, began, await make(), data);
  };

  return {
    keepWindow: async ({ name, channels, from, to, rung, note }, call) => {
      if (to <= from)
        throw new WarroomError('bad-input', 'The window ends before it begins.', 'Select a span of time.');
      const make = async () => [
        await deps.put(await deps.exportWindow(channels, from, to), mcapMedia),
        await deps.put(deps.picture(name, channels, from, to), 'image/svg+xml'),
      ];
      const of = { channels, from: Math.floor(from), to: Math.floor(to) };
      return keep(call, rung, make, { kind: 'capture', name, of, ...noteOf(note) });
    },
    keepCommand: async ({ command, rung, note }, call) => {
      const found = deps.state().commands[command];
      if (!found?.ended)
        throw new WarroomError(
          'not-found',
          'There is no such command that has ended.',
          'Wait for it to end.',
        );
      const make = async () => [await deps.put(await deps.commandOutput(command), 'text/plain')];
      return keep(call, rung, make, {
        kind: 'command',
        name: cutText(found.line, 200) || '(empty)',
        of: { command },
        ...noteOf(note),
      });
    },
    keepNote: async ({ name, text, rung, note }, call) => {
      const make = async () => [await deps.put(new TextEncoder().encode(text), 'text/markdown')];
      return keep(call, rung, make, { kind: 'note', name, ...noteOf(note) });
    },
    startFile: ({ bytes, ...details }, call) => {
      const stream = call.openStream();
      const media = mediaOf(details.media);
      const upload = uploads.start(
        { stream, bytes, details: { ...details, incident: incident() }, seat: call.seat.id },
        (source) => deps.put(source, media),
      );
      return { upload, stream: stream.id };
    },
    finishFile: async ({ upload }, call) => {
      const { details, blob } = await uploads.finish(upload, call.seat.id);
      const { name, rung, note, incident: began } = details;
      return append(call, rung, began, [blob], { kind: 'file', name, ...noteOf(note) });
    },
    ticket: ({ sha256 }) => {
      for (const kept of deps.state().evidence) {
        const blob = kept.blobs.find((candidate) => candidate.sha256 === sha256);
        if (blob) return { path: deps.ticket(blob, kept.name) };
      }
      throw new WarroomError('not-found', 'No such evidence was kept in this incident.');
    },
  };
}

function noteOf(note: string | undefined): { note?: string } {
  return note ? { note } : {};
}

/** A page's word for a media type is only taken when it has the form of one. */
function mediaOf(claimed: string): string {
  return /^[a-z]+\/[a-z0-9.+-]{1,80}$/i.test(claimed) ? claimed.toLowerCase() : 'application/octet-stream';
}
