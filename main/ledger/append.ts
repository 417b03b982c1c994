/** From what a room asks for to an entry that may be stored: checked against its type and the rules, then stamped. */
import { canonicalize } from '../../common/lib/canonical.ts';
import { toHex } from '../../common/lib/bytes.ts';
import { timestamp } from '../../common/lib/clock.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { uuidv7 } from '../../common/lib/ids.ts';
import { entryData, type EntryType } from '../../common/incident/entries.ts';
import { reduce } from '../../common/incident/reduce.ts';
import { guard } from '../../common/incident/rules.ts';
import type { State } from '../../common/incident/state.ts';
import { encodeLine, entryBytes, sealEntry } from '../../common/ledger/entry.ts';
import { leafHash } from '../../common/ledger/merkle.ts';
import type { Body, Entry, Head } from '../../common/ledger/types.ts';
import type { Platform } from '../platform/types.ts';
import type { Row } from './store.ts';
import type { Draft } from './types.ts';

/** An entry that may be stored, its row, and the fold after it. */
export interface Stamped {
  entry: Entry;
  row: Row;
  state: State;
}

export interface StamperDeps {
  incident: string;
  epoch: number;
  platform: Pick<Platform, 'clock' | 'crypto' | 'random'>;
}

export interface Stamper {
  /**
   * Checks and stamps. `state` is the fold after the entry before, waiting ones included, and `prev` that entry's leaf
   * hash (hex). Throws `bad-input` (type, data, size) or `refused` (rules).
   */
  stamp(draft: Draft, state: State, prev: string): Stamped;
}

export function createStamper({ incident, epoch, platform }: StamperDeps): Stamper {
  const { clock, crypto, random } = platform;
  const nextId = createIds(random);

  function headOf(draft: Draft, seq: number, prev: string): Omit<Head, 'bodyHash'> {
    const now = clock.now();
    return {
      v: 1,
      incident,
      epoch,
      seq,
      id: nextId(Math.floor(now / 1000)),
      at: timestamp(now),
      boot: clock.boot,
      mono: clock.mono(),
      actor: draft.actor,
      type: draft.type,
      ...(draft.rung && { rung: draft.rung }),
      ...(draft.change && { change: draft.change }),
      prev,
    };
  }

  return {
    stamp(draft, state, prev) {
      const data = checkedData(draft.type, draft.data);
      guard(state, { type: draft.type, data, actor: draft.actor, rung: draft.rung });
      const head = headOf(draft, state.size, prev);
      const entry = sealEntry(crypto, head, bodyOf(draft, data), toHex(random(16)));
      encodeLine(entry); // refuses what is over the limit of a line
      const row = {
        seq: state.size,
        head: canonicalize(entry.head),
        body: canonicalize(entry.body),
        salt: entry.salt,
        leaf: leafHash(crypto, entryBytes(entry.head)),
      };
      return { entry, row, state: reduce(state, entry) };
    },
  };
}

/** A copy of the data, as its type says. Members that the type does not know are left out. */
function checkedData<T extends EntryType>(type: T, data: unknown): Draft['data'] {
  if (!Object.hasOwn(entryData, type))
    throw new WarroomError('bad-input', `There is no entry type "${type}".`);
  const parsed = entryData[type].safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WarroomError(
    'bad-input',
    `The data of ${type} is not as it must be: ${issue?.path.join('.')} ${issue?.message}.`,
    '',
    { path: issue?.path },
  );
}

function bodyOf({ target, evidence = [], cause, corrects, req }: Draft, data: Draft['data']): Body {
  return {
    data,
    ...(target !== undefined && { target }),
    evidence,
    ...(cause !== undefined && { cause }),
    ...(corrects !== undefined && { corrects }),
    ...(req && { req }),
  };
}

/** UUIDv7s that rise strictly, also within one millisecond and when the clock is set back. */
function createIds(random: Platform['random']): (millis: number) => string {
  const tries = 4;
  let last = '';
  let lastMillis = 0;
  return (millis) => {
    lastMillis = Math.max(lastMillis, millis);
    let id = uuidv7(lastMillis, random(10));
    for (let tried = 0; id <= last; tried++) {
      // The random part is drawn until it is the greater one; near its end the next millisecond is begun early.
      if (tried >= tries) lastMillis++;
      id = uuidv7(lastMillis, random(10));
    }
    last = id;
    return id;
  };
}
