import { useMemo } from 'react';
import { leafHash } from '../../../common/ledger/merkle.ts';
import { canonicalize } from '../../../common/lib/canonical.ts';
import { toHex, utf8 } from '../../../common/lib/bytes.ts';
import type { State } from '../../../common/incident/state.ts';
import type { Entry } from '../../../common/ledger/types.ts';
import { nobleCrypto } from '../../client/crypto.ts';
import { lookAt } from '../../store/seek.ts';
import { seatName } from '../../store/select.ts';
import { Button } from '../../ui/button.tsx';
import { fullTime } from '../../ui/format.ts';
import { microsOf } from '../../../common/lib/clock.ts';

/** One entry whole: where it stands in the ledger, and all that it says. */
export function EntryDetails({ entry, state }: { entry: Entry; state: State }) {
  const { head, body } = entry;
  const leaf = useMemo(() => leafOf(entry), [entry]);
  const facts: [string, string][] = [
    ['seq', String(head.seq)],
    ['id', head.id],
    ['type', head.type],
    ['at', fullTime(head.at)],
    ['actor', `${head.actor.kind} ${seatName(state, head.actor.id)} (${head.actor.role}) ${head.actor.id}`],
    ...(head.rung ? [['rung', String(head.rung)] satisfies [string, string]] : []),
    ['leaf', leaf],
    ['before', head.prev],
    ['body', head.bodyHash],
  ];
  return (
    <div className="details" data-testid="entry-details">
      <dl>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <pre>{JSON.stringify(body, null, 1)}</pre>
      <Button small onClick={() => void lookAt(microsOf(head.at))}>
        Show the whole room at this moment
      </Button>
    </div>
  );
}

function leafOf(entry: Entry): string {
  return toHex(leafHash(nobleCrypto, utf8(canonicalize(entry.head))));
}
