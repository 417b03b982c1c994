import { useMemo, useState } from 'react';
import { microsOf } from '../../../common/lib/clock.ts';
import type { Entry } from '../../../common/ledger/types.ts';
import { lookAt } from '../../store/seek.ts';
import { sentenceOf, type Sentence } from '../../store/sentences.ts';
import { useShownState } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { clockTime, fullTime } from '../../ui/format.ts';
import { Pane } from '../../ui/pane.tsx';
import { EntryDetails } from './entry-details.tsx';
import { filterEntries, groupsOf, type ActorFilter, type TimelineFilter } from './filter.ts';
import './timeline.css';

const firstShown = 200;
const actors: [ActorFilter, string][] = [
  ['all', 'Anyone'],
  ['human', 'People'],
  ['agent', 'Agents'],
  ['system', 'Systems'],
];

/** What happened, the newest first. A press goes to the moment and shows the entry whole. */
export function TimelinePane() {
  const state = useShownState();
  const entries = useRoom((store) => store.past?.entries ?? store.entries);
  const open = useRoom((store) => store.entry);
  const [filter, setFilter] = useState<TimelineFilter>({ text: '', group: 'all', actor: 'all' });
  const [most, setMost] = useState(firstShown);
  const found = useMemo(
    () => filterEntries(entries, filter, (entry) => sentenceOf(entry, state).text),
    [entries, filter, state],
  );
  const shown = found.slice(-most).reverse();
  return (
    <Pane id="timeline" title="Timeline">
      <Filters filter={filter} onFilter={setFilter} entries={entries} />
      <ol className="feed" aria-label="Entries of the ledger, newest first" data-testid="timeline">
        {shown.map((entry) => (
          <li key={entry.head.id}>
            <EntryLine
              entry={entry}
              sentence={sentenceOf(entry, state)}
              isOpen={open === entry.head.seq}
              onPress={() => press(entry, open === entry.head.seq)}
            />
            {open === entry.head.seq && <EntryDetails entry={entry} state={state} />}
          </li>
        ))}
        {shown.length === 0 && <li className="empty">Nothing here matches.</li>}
      </ol>
      {found.length > most && (
        <Button onClick={() => setMost(most + firstShown)}>
          Show {Math.min(firstShown, found.length - most)} more
        </Button>
      )}
    </Pane>
  );
}

/** Opens the entry and moves the scopes to its moment; the other panes stay in the present. */
function press(entry: Entry, isOpen: boolean): void {
  const store = useRoom.getState();
  store.set({ entry: isOpen ? null : entry.head.seq });
  if (isOpen) return;
  const at = microsOf(entry.head.at);
  if (store.lookAt !== null) void lookAt(at);
  else store.setScope({ end: at + store.scope.span / 2 });
}

interface EntryLineProps {
  entry: Entry;
  sentence: Sentence;
  isOpen: boolean;
  onPress(): void;
}

function EntryLine({ entry, sentence, isOpen, onPress }: EntryLineProps) {
  const kind = entry.head.actor.kind === 'sensor' ? 'system' : entry.head.actor.kind;
  const { text, tone, ref } = sentence;
  return (
    <button type="button" className="ev" aria-expanded={isOpen} onClick={onPress} data-type={entry.head.type}>
      <span className="mono faint" title={fullTime(entry.head.at)}>
        {clockTime(entry.head.at)}
      </span>
      <span className="dot" style={{ background: `var(--${kind})` }} title={kind} />
      <span>
        <span className={tone ? `${tone}-t` : ''}>{text}</span>
        {ref && <span className="faint"> {ref}</span>}
      </span>
    </button>
  );
}

interface FiltersProps {
  filter: TimelineFilter;
  onFilter(filter: TimelineFilter): void;
  entries: Entry[];
}

function Filters({ filter, onFilter, entries }: FiltersProps) {
  const groups = useMemo(() => groupsOf(entries), [entries]);
  return (
    <div className="filters" role="search">
      <TextInput
        aria-label="Find in the timeline"
        placeholder="Find"
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
      />
      <Select
        aria-label="Type of entry"
        value={filter.group}
        options={[['all', 'All types'] as const, ...groups.map((group) => [group, group] as const)]}
        onPick={(group: string) => onFilter({ ...filter, group })}
      />
      <Select<ActorFilter>
        aria-label="Who did it"
        value={filter.actor}
        options={actors}
        onPick={(actor) => onFilter({ ...filter, actor })}
      />
    </div>
  );
}
