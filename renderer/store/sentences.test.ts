import { expect, it } from 'vitest';
import { entryTypes } from '../../common/incident/entries.ts';
import { emptyState } from '../../common/incident/state.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { sentenceOf } from './sentences.ts';

const seat = 'ab12cd34'.repeat(8);

function entryOf(type: string, data: Record<string, unknown>, rung?: 1 | 2 | 3 | 4 | 5): Entry {
  const head: Entry['head'] = {
    v: 1,
    incident: 'i',
    epoch: 0,
    seq: 4,
    id: 'e4',
    at: '2026-11-24T12:00:00.000Z',
    boot: 'b',
    mono: 1,
    actor: { kind: 'human', id: seat, role: 'technician' },
    type,
    prev: '0'.repeat(64),
    bodyHash: '0'.repeat(64),
    ...(rung && { rung }),
  };
  return { head, body: { data, evidence: [] }, salt: '00' };
}

it('says who decided which rung, how, why and on what', () => {
  const data = { decision: 'eliminated', reason: 'beam count equals parts', basis: ['a', 'b'] };
  const state = { ...emptyState, seats: { [seat]: namedSeat } };
  expect(sentenceOf(entryOf('rung.decided', data, 1), state)).toEqual({
    text: 'Ana: rung 1 Claim is eliminated: beam count equals parts',
    tone: 'ok',
    ref: '2 as basis',
  });
});

it('tells an exit that failed from one that is not known', () => {
  const ended = { session: 's', command: 'c', from: 0, to: 1, digest: 'd', ms: 41 };
  const failed = sentenceOf(entryOf('command.ended', { ...ended, exit: 2 }), emptyState);
  const unknown = sentenceOf(entryOf('command.ended', { ...ended, exit: null }), emptyState);
  expect([failed.tone, failed.text]).toEqual(['bad', 'Command → exit 2']);
  expect([unknown.tone, unknown.text]).toEqual(['warn', 'Command → exit not known']);
});

it('names entries whose type or form it does not know, and never throws', () => {
  expect(sentenceOf(entryOf('future.thing', {}), emptyState).text).toContain('future.thing');
  for (const type of entryTypes) expect(sentenceOf(entryOf(type, { odd: 1 }), emptyState).text).not.toBe('');
});

const namedSeat = {
  id: seat,
  role: 'technician' as const,
  vkey: 'v',
  local: false,
  host: true,
  name: 'Ana',
  present: true,
  joinedAt: '',
};
