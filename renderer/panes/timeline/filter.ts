import type { Entry } from '../../../common/ledger/types.ts';

export type ActorFilter = 'all' | 'human' | 'agent' | 'system';

export interface TimelineFilter {
  text: string;
  /** The part of the type before its dot; `all`: every one. */
  group: string;
  actor: ActorFilter;
}

/** Entries that pass. Text is looked for in the sentence, the type and the id, whatever the case. */
export function filterEntries(
  entries: Entry[],
  filter: TimelineFilter,
  sentence: (entry: Entry) => string,
): Entry[] {
  const text = filter.text.trim().toLowerCase();
  if (!text && filter.group === 'all' && filter.actor === 'all') return entries;
  return entries.filter((entry) => {
    const { type, actor, id, seq } = entry.head;
    if (filter.group !== 'all' && groupOf(type) !== filter.group) return false;
    if (filter.actor !== 'all' && (actor.kind === 'sensor' ? 'system' : actor.kind) !== filter.actor)
      return false;
    return !text || `${sentence(entry)} ${type} ${id} #${seq}`.toLowerCase().includes(text);
  });
}

export function groupOf(type: string): string {
  return type.split('.')[0] ?? type;
}

export function groupsOf(entries: Entry[]): string[] {
  return [...new Set(entries.map((entry) => groupOf(entry.head.type)))].sort();
}
