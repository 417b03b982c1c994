import { text as textOf } from 'node:stream/consumers';
import { hostActor } from '../../common/ledger/host-actor.ts';
import type { contract } from '../../common/contract/index.ts';
import { profileOfState } from '../../common/profile/index.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { State } from '../../common/incident/state.ts';
import type { AppendFor } from '../ladder/index.ts';
import type { Draft, Ledger } from '../ledger/types.ts';
import type { Call, Handlers } from '../platform/call.ts';
import type { Tasks } from '../tasks/index.ts';
import type { OpenFile } from './bundle/recordings.ts';
import { exportBundle, type Exported } from './bundle/export.ts';
import type { Locker } from './locker.ts';

export interface BundleApiDeps {
  appendFor: AppendFor;
  tasks: Tasks;
  crypto: Crypto;
  ledger(): Ledger;
  locker(): Locker;
  sealOpenParts(): Promise<OpenFile[]>;
  draft(state: State): { markdown: string; html: string };
  /** A path on the page's origin that downloads the file once. */
  ticket(file: string, name: string): string;
}

/** Exporting, and what goes with it. One export runs at a time. */
export function createBundleApi(deps: BundleApiDeps): Handlers<typeof contract.bundle> {
  const { tasks } = deps;
  const isExport = ({ title, state }: { title: string; state: string }) =>
    title === exportTitle && state === 'running';
  return {
    export: (_input, call) => {
      const running = tasks.list.get().find(isExport);
      if (running)
        throw new WarroomError('taken', 'A bundle is being exported already.', 'Wait for it, or cancel it.');
      const [ledger, locker] = [deps.ledger(), deps.locker()];
      return { task: tasks.start(exportTitle, (control) => runExport(deps, call, ledger, locker, control)) };
    },
    ticket: ({ task }) => {
      const result = tasks.get(task)?.result;
      if (typeof result?.file !== 'string' || typeof result.name !== 'string')
        throw new WarroomError('not-found', 'There is no such finished export.');
      return { path: deps.ticket(result.file, result.name), name: result.name };
    },
    draftPostmortem: async (_input, call) => {
      const [ledger, locker] = [deps.ledger(), deps.locker()];
      const { markdown, html } = deps.draft(ledger.state);
      const put = (text: string, media: string) => locker.put(new TextEncoder().encode(text), media);
      const evidence = [await put(markdown, 'text/markdown'), await put(html, 'text/html')];
      const append = appendWhileOpen(deps, ledger);
      return append(call, { type: 'postmortem.drafted', data: { template: 'facts' }, evidence });
    },
  };
}

const exportTitle = 'Export the bundle';

type Control = Parameters<Parameters<Tasks['start']>[1]>[0];

async function runExport(deps: BundleApiDeps, call: Call, ledger: Ledger, locker: Locker, control: Control) {
  let begun = '';
  let isAgain = false;
  const append = appendWhileOpen(deps, ledger);
  let exported: Exported;
  try {
    exported = await exportBundle({
      ledger,
      locker,
      crypto: deps.crypto,
      profile: ({ profile, ...state }) =>
        profile ? textOf(locker.read(profile.sha256)) : profileOfState({ profile, ...state }),
      sealOpenParts: () => deps.sealOpenParts(),
      begin: async (data) => {
        const draft = { type: 'bundle.exported' as const, data };
        const { id, seq } = await append(isAgain ? ownCall(call) : call, draft);
        isAgain = true;
        if (seq === data.size) begun = id;
        else await endSuperseded(deps, ledger, id);
        return seq;
      },
      onProgress: control.progress,
      signal: control.signal,
    });
  } catch (error) {
    if (!begun) throw error;
    const data = { export: begun, reason: messageOf(error) };
    const unrecorded = await recordEnd(deps, ledger, { type: 'bundle.failed', data, cause: begun });
    throw unrecorded ? withUnrecorded(fromSystem(error, exportTitle), unrecorded) : error;
  }
  const { name, bytes, sha256 } = exported;
  const data = { export: begun, bytes, sha256 };
  const unrecorded = await recordEnd(deps, ledger, { type: 'bundle.written', data, cause: begun });
  if (unrecorded) {
    const { code, message, hint } = unrecorded;
    throw new WarroomError(code, `${name} is whole, but this could not be written down: ${message}`, hint);
  }
  return { ...exported };
}

/** Ends an export that has to begin again: whatever was written down as begun has its end in the ledger. */
async function endSuperseded(deps: BundleApiDeps, ledger: Ledger, begun: string): Promise<void> {
  const data = { export: begun, reason: 'Another entry came between; the export begins again.' };
  const unrecorded = await recordEnd(deps, ledger, { type: 'bundle.failed', data, cause: begun });
  if (unrecorded) throw unrecorded;
}

/**
 * Appends what became of an export, as a fact of the host: the seat that asked for it may have left the room. Answers
 * why it could not be written down, or null.
 */
async function recordEnd(
  deps: BundleApiDeps,
  ledger: Ledger,
  end: Omit<Draft<'bundle.written'> | Draft<'bundle.failed'>, 'actor'>,
): Promise<WarroomError | null> {
  try {
    checkStillOpen(deps, ledger);
    await ledger.append({ ...end, actor: hostActor });
    return null;
  } catch (error) {
    return fromSystem(error, 'Writing down how the export ended');
  }
}

function withUnrecorded({ code, message, hint, data }: WarroomError, unrecorded: WarroomError): WarroomError {
  const both = `${message} (and this could not be written down: ${unrecorded.message})`;
  return new WarroomError(code, both, hint, data);
}

/** Appends to `ledger` alone: work that takes its time must not write into an incident that was opened meanwhile. */
function appendWhileOpen(deps: BundleApiDeps, ledger: Ledger): AppendFor {
  return async (call, draft) => {
    checkStillOpen(deps, ledger);
    return deps.appendFor(call, draft);
  };
}

function checkStillOpen(deps: BundleApiDeps, ledger: Ledger): void {
  if (deps.ledger() === ledger) return;
  throw new WarroomError(
    'cancelled',
    'The incident was left meanwhile.',
    'Open it again, and do this there.',
  );
}

/** The caller's name without the caller's request: one request stands in one entry only (its nonce is used once). */
function ownCall({ req: _, ...call }: Call): Call {
  return call;
}
