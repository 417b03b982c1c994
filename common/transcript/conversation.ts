/** What the formats without a tree share: which message is new, which result is whose, and where context was lost. */
import { createRecentMap, excerpt } from './bounds.ts';
import { digestOfItems, type ChatItem } from './chat-message.ts';
import { callEvent, messageEvent, resultEvent, type Place, type ResultNote } from './reader-base.ts';
import { createDropWatch } from './usage-drop.ts';
import type { ReaderCounts, TranscriptEvent } from './types.ts';

export interface TokenCounts {
  input: number;
  output: number;
  cached: number;
}

/** One thread of a conversation. */
export interface Conversation {
  /** One message more. */
  append(place: Place, items: ChatItem[], model: string | null, out: TranscriptEvent[]): void;
  /** All that the model was sent this time: most of it was there the time before. */
  snapshot(place: Place, messages: ChatItem[][], model: string | null, out: TranscriptEvent[]): void;
  /** A tool's run, told apart from the messages, which may tell it again. */
  toolRun(place: Place, run: ToolRun, out: TranscriptEvent[]): void;
  usage(place: Place, tokens: TokenCounts, model: string | null, out: TranscriptEvent[]): void;
  flush(out: TranscriptEvent[]): void;
}

export interface ToolRun {
  id: string | null;
  name: string;
  input: unknown;
  text: string;
  note: ResultNote;
}

/** How often each part of a call was told, and where: what one side told first, the other repeats. */
interface Told {
  name: string;
  calls: number;
  callsOfRuns: number;
  results: number;
  resultsOfRuns: number;
}

const mostKnown = 50_000;
const mostCalls = 4_000;
const mostCarried = 65_536;
/** How a summary in the system's name begins. */
const summaryText =
  /^[\s#*>[(<]*(?:(?:here is |this is |the following is )?(?:a |the )?(?:\w+ ){0,2}summary (?:of|so far|to continue)|(?:previous |earlier )?(?:conversation|context|history)(?: so far)?(?: has been| was| is)? (?:summary|summari[sz]ed|compacted|compressed|condensed)|this session is being continued from a previous conversation|summary\s*[:\n>])/i;

export function createConversation(counts: ReaderCounts): Conversation {
  /** Digests of the messages that the model was last sent, and of what came after. */
  let known: string[] = [];
  let spoken = 0;
  let unnamed = 0;
  let carried: string | null = null;
  const told = createRecentMap<Told>(mostCalls);
  /** Calls without an id that have no result yet, by the id that was made for them. */
  const open: { id: string; name: string }[] = [];
  const drops = createDropWatch();

  const toldOf = (id: string, name: string) =>
    told.of(id, () => ({ name, calls: 0, callsOfRuns: 0, results: 0, resultsOfRuns: 0 }));

  function newId(name: string): string {
    const id = `call ${++unnamed}`;
    open.push({ id, name });
    if (open.length > mostCalls) open.shift();
    return id;
  }

  /** The oldest open call of that name, or of any where none is named. */
  function takeOpen(name: string | null): string | null {
    const index = open.findIndex((call) => name === null || call.name === name);
    return index < 0 ? null : open.splice(index, 1)[0]!.id;
  }

  function giveItem(place: Place, item: ChatItem, model: string | null, out: TranscriptEvent[]): void {
    if (item.kind === 'call') {
      const id = item.id ?? newId(item.name);
      toldOf(id, item.name).calls++;
      out.push(callEvent(place, id, item.name, item.input));
    } else if (item.kind === 'result') giveResult(place, item, out);
    else if (item.kind === 'compaction') giveSummary(place, item.summary, out);
    else if (isSummary(item)) giveSummary(place, item.text, out);
    else {
      if (!item.isThinking) spoken++;
      out.push(messageEvent(place, item.role, item.text, { isThinking: item.isThinking, model }));
    }
  }

  /** At a session's start the system's words are instructions; later they may be what is left of what was said. */
  function isSummary(item: Extract<ChatItem, { kind: 'text' }>): boolean {
    const isCandidate =
      item.role === 'system'
        ? spoken > 1
        : item.role === 'person' && /^\s*this session is being continued/i.test(item.text);
    return isCandidate && summaryText.test(item.text.slice(0, 400));
  }

  function giveSummary(place: Place, text: string | null, out: TranscriptEvent[]): void {
    drops.mark();
    out.push({
      kind: 'compaction',
      ...place,
      marker: 'summary',
      trigger: null,
      before: drops.last(),
      after: null,
      summary: text === null ? null : excerpt(text),
      carried: carried === null ? null : excerpt(carried, mostCarried),
    });
  }

  function giveResult(
    place: Place,
    item: Extract<ChatItem, { kind: 'result' }>,
    out: TranscriptEvent[],
  ): void {
    const id = item.call ?? takeOpen(item.name) ?? `call ${++unnamed}`;
    const known = toldOf(id, item.name ?? '');
    known.results++;
    // The run itself told it before, and more of it.
    if (known.results <= known.resultsOfRuns) return void counts.repeated++;
    out.push(resultEvent(place, id, item.name ?? (known.name || null), item.text, item.note));
  }

  /** What of a list is new, after what of it was there before. `asking`: from where on it is what a person said last. */
  function freshOf(digests: string[], asking: number): boolean[] {
    let same = 0;
    while (same < known.length && same < digests.length && known[same] === digests[same]) same++;
    if (same === known.length) return digests.map((_digest, index) => index >= same);
    // Sent once more, as after an answer that got lost.
    if (same === digests.length) return digests.map(() => false);
    const left = new Map<string, number>();
    for (const digest of known) left.set(digest, (left.get(digest) ?? 0) + 1);
    return digests.map((digest, index) => {
      // What asks for the next answer is new, though its words were said before.
      if (index >= asking) return true;
      const times = left.get(digest) ?? 0;
      if (times > 0) left.set(digest, times - 1);
      return times === 0;
    });
  }

  return {
    append(place, items, model, out) {
      if (known.length < mostKnown) known.push(digestOfItems(items));
      for (const item of items) giveItem(place, item, model, out);
    },

    snapshot(place, messages, model, out) {
      const digests = messages.map(digestOfItems);
      const fresh = freshOf(digests, messages.findLastIndex((items) => !isOfPerson(items)) + 1);
      known = digests.slice(0, mostKnown);
      carried = messages
        .flatMap(instructionTexts)
        .join('\n')
        .slice(0, mostCarried + 1);
      messages.forEach((items, index) => {
        if (fresh[index]) for (const item of items) giveItem(place, item, model, out);
      });
    },

    toolRun(place, { id: givenId, name, input, text, note }, out) {
      const id = givenId ?? takeOpen(name) ?? `call ${++unnamed}`;
      const known = toldOf(id, name);
      if (++known.callsOfRuns > known.calls) {
        known.calls++;
        out.push(callEvent(place, id, name, input));
      }
      // A message told the result before its run was exported; only the run knows that it failed.
      if (++known.resultsOfRuns <= known.results && note.isError !== true) return void counts.repeated++;
      out.push(resultEvent(place, id, name, text, note));
    },

    usage(place, tokens, model, out) {
      out.push({ kind: 'usage', ...place, ...tokens, model });
      drops.take(place, tokens.input, carried, out);
    },

    flush: (out) => drops.flush(out),
  };
}

const isOfPerson = (items: ChatItem[]) =>
  items.length > 0 && items.every((item) => item.kind === 'text' && item.role === 'person');

function instructionTexts(items: ChatItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'text' && item.role !== 'agent' ? [item.text] : []));
}
