/** Reading stored rows back: each is checked in full, up to the first that is not what was written. */
import { equalBytes, fromHex, toHex, utf8 } from '../../common/lib/bytes.ts';
import { canonicalize } from '../../common/lib/canonical.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { reduce } from '../../common/incident/reduce.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import { noEntryBefore } from '../../common/ledger/entry.ts';
import { createTree, leafHash, type Tree } from '../../common/ledger/merkle.ts';
import { checkBodyShape, checkHeadShape } from '../../common/ledger/shape.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { snapshotEvery, type Row } from './store.ts';

/** The good prefix of a ledger. */
export interface Good {
  rows: Row[];
  state: State;
  tree: Tree;
  /** Leaf hash of the last row, hex. */
  prev: string;
  /** Why reading stopped; null at the end. */
  reason: string | null;
  /** The fold at each size that has a snapshot. */
  marks: Map<number, State>;
  /** One more than the highest seq that was seen, the unreadable ones included. */
  end: number;
}

export interface ReadRows {
  crypto: Crypto;
  /** The incident that the rows must be of. */
  incident: string;
  rows: Iterable<Row>;
  /** Roots wanted: they are filled in for each size that is reached. */
  roots?: Map<number, Uint8Array>;
}

export function noRows(crypto: Crypto, reason: string | null): Good {
  return {
    rows: [],
    state: emptyState,
    tree: createTree(crypto),
    prev: noEntryBefore,
    reason,
    marks: new Map(),
    end: 0,
  };
}

/** Reads to the end or to the first row that is damaged. Any other error (a disk that fails, say) is thrown. */
export function readRows({ crypto, incident, rows, roots }: ReadRows): Good {
  const good = noRows(crypto, null);
  const iterator = rows[Symbol.iterator]();
  try {
    for (;;) {
      const entry = whole(good, () => {
        const next = iterator.next();
        return next.done ? null : checkRow(crypto, incident, next.value, good);
      });
      if (!entry) break;
      good.state = reduce(good.state, entry);
      if (good.rows.length % snapshotEvery === 0) good.marks.set(good.rows.length, good.state);
      if (roots?.has(good.rows.length)) roots.set(good.rows.length, good.tree.root());
    }
  } finally {
    iterator.return?.();
  }
  good.end = Math.max(good.end, good.rows.length);
  return good;
}

/** Null at the end, also when what comes next is damaged; `good.reason` says so. */
function whole(good: Good, next: () => Entry | null): Entry | null {
  try {
    return next();
  } catch (error) {
    if (!(error instanceof WarroomError) || !['damaged', 'bad-input'].includes(error.code)) throw error;
    good.reason = `entry ${good.rows.length}: ${error.message}`;
    return null;
  }
}

/** The texts are compared with their canonical form, so what a strict reader looks for (a key twice) is found as well. */
function checkRow(crypto: Crypto, incident: string, row: Row, good: Good): Entry {
  const head = parse(row.head);
  const body = parse(row.body);
  checkHeadShape(head);
  checkBodyShape(body);
  if (canonicalize(head) !== row.head || canonicalize(body) !== row.body)
    damaged('not in its canonical form');
  if (row.seq !== good.rows.length || head.seq !== row.seq) damaged(`its seq is ${head.seq}`);
  if (head.incident !== incident) damaged('it is of another incident');
  if (head.prev !== good.prev) damaged('it does not follow from the entry before');
  if (!equalBytes(leafHash(crypto, utf8(row.head)), row.leaf)) damaged('its leaf hash is another');
  if (!/^[0-9a-f]{32}$/.test(row.salt)) damaged('its salt is not 16 bytes');
  if (toHex(crypto.sha256(fromHex(row.salt), utf8(row.body))) !== head.bodyHash)
    damaged('its body is not the one its head names');
  good.tree.append(row.leaf);
  good.prev = toHex(row.leaf);
  good.rows.push(row);
  return { head, body, salt: row.salt };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return damaged('it is not JSON');
  }
}

function damaged(what: string): never {
  throw new WarroomError('damaged', what);
}
