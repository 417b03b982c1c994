import { beforeEach, expect, it } from 'vitest';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Entry } from '../../common/ledger/types.ts';
import type { Api } from '../client/api.ts';
import type { BulkStreams } from '../client/bulk-streams.ts';
import { emptyDocument } from './document.ts';
import { lookAt } from './seek.ts';
import { useRoom } from './store.ts';

/** A page that holds only the newest of eleven entries: those before it are the host's to give. */
function holdNewest(range: () => Promise<Entry[]>) {
  const api = { ledger: { range } } as unknown as Api;
  useRoom.setState({
    ...emptyDocument,
    entries: [{ head: { seq: 10 } } as Entry],
    marks: [{ seq: 5, at: 1_000, kind: 'human', type: 'note.written' }],
    link: { is: 'up', api, bulk: {} as BulkStreams },
    notices: [],
  });
}

beforeEach(() => useRoom.setState({ ...emptyDocument, lookAt: null }));

it('returns to now, with the reason, when the past can not be had', async () => {
  holdNewest(() => Promise.reject(new WarroomError('damaged', 'Entry 3 can not be read.')));
  await lookAt(2_000);
  const { lookAt: at, past, scope, notices } = useRoom.getState();
  expect([at, past, scope.end]).toEqual([null, null, null]);
  expect(notices.map(({ message }) => message)).toEqual(['Entry 3 can not be read.']);
});

it('leaves a newer look alone when an older one fails', async () => {
  const answer = Promise.withResolvers<Entry[]>();
  holdNewest(() => answer.promise);
  const looking = lookAt(2_000);
  useRoom.setState({ lookAt: 3_000 });
  answer.reject(new WarroomError('damaged', 'Entry 3 can not be read.'));
  await looking;
  expect(useRoom.getState().lookAt).toBe(3_000);
});
