import { describe, expect, it } from 'vitest';
import type { Entry, Rung } from '../ledger/types.ts';
import type { DataOf, EntryType } from './entries.ts';
import { reduce, reduceAll } from './reduce.ts';
import { guard } from './rules.ts';
import { emptyState, type State } from './state.ts';
import { suggestedRung } from './ladder.ts';

const host = 'a'.repeat(64);
const lead = 'b'.repeat(64);
let counter = 0;

function entry<T extends EntryType>(
  state: State,
  type: T,
  data: DataOf<T>,
  options: { actor?: string; rung?: Rung; id?: string } = {},
): Entry {
  const id = options.id ?? `id-${counter++}`;
  return {
    head: {
      v: 1,
      incident: 'i',
      epoch: 0,
      seq: state.size,
      id,
      at: '2026-01-01T00:00:00.000Z',
      boot: 'b',
      mono: 0,
      actor: { kind: 'human', id: options.actor ?? host, role: 'technician' },
      type,
      ...(options.rung && { rung: options.rung }),
      prev: '',
      bodyHash: '',
    },
    body: { data, evidence: [] },
    salt: '',
  };
}

/** Appends as the ledger does: the guard first, then the fold. */
function add<T extends EntryType>(
  state: State,
  type: T,
  data: DataOf<T>,
  options: { actor?: string; rung?: Rung; id?: string } = {},
): State {
  const next = entry(state, type, data, options);
  guard(state, { type, data, actor: next.head.actor, rung: options.rung });
  return reduce(state, next);
}

const system = { kind: 'system' as const, id: 'host', role: 'system' };

function begun(): State {
  let state = add(emptyState, 'incident.declared', { incident: 'v', device: 'd', sig: 's' });
  state = add(state, 'seat.joined', { seat: host, role: 'technician', vkey: 'v' });
  return state;
}

const withPowers = () => add(begun(), 'role.assumed', { seat: host, role: 'lead', reason: 'alone on site' });
const finding = (state: State, rung: Rung, result: DataOf<'check.found'>['result'] = 'pass') =>
  add(
    state,
    'check.found',
    { check: 'by-hand', result, says: 'seen' },
    { rung, id: `f${rung}-${counter++}` },
  );
const decide = (
  state: State,
  rung: Rung,
  decision: DataOf<'rung.decided'>['decision'] = 'eliminated',
  basis?: string[],
) => {
  const seen = basis ? state : finding(state, rung);
  return add(
    seen,
    'rung.decided',
    { decision, reason: 'because', basis: basis ?? [seen.rungs[rung].findings.at(-1)!.id] },
    { rung },
  );
};

describe('the first entries', () => {
  it('are the declaration and the host’s own seat', () => {
    expect(() => add(emptyState, 'note.written', { text: 'x' })).toThrow(/Entry 0/);
    expect(() => add(begun(), 'incident.declared', { incident: 'v', device: 'd', sig: 's' })).toThrow(/once/);
  });
});

describe('the ladder', () => {
  it('refuses to skip a rung, whoever asks', () => {
    expect(() => decide(withPowers(), 2)).toThrow(/No rung is skipped/);
    expect(() => decide(decide(withPowers(), 1), 3)).toThrow(/rung 2/);
  });

  it('opens the next rung with each decision, up to the fifth', () => {
    let state = withPowers();
    for (const rung of [1, 2, 3, 4] as const) state = decide(state, rung);
    expect(state.rungs[5].status).toBe('open');
    expect(decide(state, 5, 'implicated').rungs[5].status).toBe('implicated');
  });

  it('decides rung 5 only when 1 to 4 are eliminated or inconclusive', () => {
    let state = decide(withPowers(), 1, 'implicated');
    for (const rung of [2, 3, 4] as const) state = decide(state, rung);
    expect(() => decide(state, 5)).toThrow(/rung 1 is not/);
  });

  it('wants something of that rung as a basis', () => {
    const state = finding(withPowers(), 1);
    expect(() => decide(state, 1, 'eliminated', ['made-up'])).toThrow(/at least one finding/);
  });

  it('asks for a power of its own to leave a rung inconclusive', () => {
    expect(() => decide(begun(), 1, 'inconclusive')).toThrow(/Only the lead .*rung\.inconclusive/);
    const state = decide(withPowers(), 1, 'inconclusive');
    expect([state.rungs[1].status, state.rungs[2].status]).toEqual(['inconclusive', 'open']);
  });

  it('lets a technician decide only with the lead’s powers, which end when a lead is seated', () => {
    expect(() => decide(begun(), 1)).toThrow(/Only the lead/);
    const seated = reduce(
      withPowers(),
      entry(withPowers(), 'seat.joined', { seat: lead, role: 'lead', vkey: 'v' }),
    );
    expect(seated.leadAssumedBy).toBeNull();
    expect(() => decide(seated, 1)).toThrow(/Only the lead/);
    expect(() => add(seated, 'role.assumed', { seat: host, role: 'lead', reason: 'x' })).toThrow(
      /A lead is seated/,
    );
  });

  it('never lets the system decide', () => {
    const state = finding(withPowers(), 1);
    const data = { decision: 'eliminated' as const, reason: 'x', basis: [state.rungs[1].findings[0]!.id] };
    expect(() => guard(state, { type: 'rung.decided', data, actor: system, rung: 1 })).toThrow(
      /Only a person/,
    );
  });

  it('closes the rungs after a re-opened one and keeps what was found there', () => {
    let state = withPowers();
    for (const rung of [1, 2, 3] as const) state = decide(state, rung);
    state = add(state, 'rung.reopened', { reason: 'new facts' }, { rung: 1 });
    expect([1, 2, 3, 4, 5].map((n) => state.rungs[n as Rung].status)).toEqual([
      'open',
      'locked',
      'locked',
      'locked',
      'locked',
    ]);
    expect(state.rungs[2].findings.length).toBe(1);
    expect(() => add(state, 'rung.reopened', { reason: 'again' }, { rung: 1 })).toThrow(
      /only a decided rung/,
    );
  });

  it('marks what was seen early, and suggests the lowest rung that failed', () => {
    const state = finding(finding(withPowers(), 3, 'fail'), 2, 'warn');
    expect(state.rungs[3].findings[0]!.early).toBe(true);
    expect(suggestedRung(state)).toBe(3);
    expect(suggestedRung(finding(state, 1, 'unknown'))).toBe(3);
  });
});

describe('seats', () => {
  it('act only when present, and only in their own name', () => {
    const left = add(withPowers(), 'seat.left', { seat: host });
    expect(left.leadAssumedBy).toBeNull();
    expect(() => add(left, 'note.written', { text: 'x' })).toThrow(/has left/);
    expect(() => add(begun(), 'note.written', { text: 'x' }, { actor: lead })).toThrow(/No such seat/);
    expect(() => add(begun(), 'seat.named', { seat: lead, name: 'x' })).toThrow(/only itself/);
  });
});

describe('what became of an export', () => {
  it('is written down also when the seat that asked for it has left, which can begin none', () => {
    const left = add(withPowers(), 'seat.left', { seat: host });
    const begin = { size: 1, root: '', name: 'b.zip' };
    expect(() => add(left, 'bundle.exported', begin)).toThrow(/has left/);
    expect(add(left, 'bundle.written', { export: 'id', bytes: 1, sha256: '' }).size).toBe(left.size + 1);
    expect(add(left, 'bundle.failed', { export: 'id', reason: 'x' }).size).toBe(left.size + 1);
  });
});

describe('the fold', () => {
  it('counts entries of a type it does not know and changes nothing else', () => {
    const state = begun();
    const strange = entry(state, 'note.written', { text: 'x' });
    strange.head.type = 'future.thing';
    const next = reduceAll(state, [strange]);
    expect(next).toEqual({ ...state, size: state.size + 1, at: strange.head.at });
  });

  it('shares what did not change', () => {
    const state = begun();
    const next = finding(state, 1);
    expect(next.seats).toBe(state.seats);
    expect(next.rungs[2]).toBe(state.rungs[2]);
  });
});

describe('channels that are computed, and calibrations', () => {
  const weight = { id: 'math/weight', name: 'Weight', unit: 'g', kind: 'linear', stale: 1 } as const;

  it('are folded: the newest of each counts, and what was removed is gone', () => {
    let state = add(begun(), 'capture.derived', { ...weight, expression: '[a/g]' });
    state = add(state, 'capture.derived', { ...weight, expression: '[a/g] + [b/g]' });
    expect(Object.values(state.derived).map(({ data }) => data.expression)).toEqual(['[a/g] + [b/g]']);
    state = add(state, 'capture.removed', { id: 'math/weight' });
    expect(state.derived).toEqual({});
    expect(() => add(state, 'capture.removed', { id: 'math/weight' })).toThrow('no math channel');
    const calibrated = { device: 'a', channel: 'a/raw', offset: 10, rms: 0, points: [], says: [] };
    state = add(state, 'device.calibrated', { ...calibrated, scale: 400 });
    state = add(state, 'device.calibrated', { ...calibrated, scale: 401 });
    expect(state.calibrations['a/raw']?.data.scale).toBe(401);
  });

  it('are not for an observer to make, nor a calibration for a lead far from the cell', () => {
    let state = begun();
    state = add(state, 'seat.joined', { seat: lead, role: 'lead', vkey: 'w' });
    const by = (actor: string) => ({ actor });
    const calibrated = { device: 'a', channel: 'a/raw', offset: 10, scale: 1, rms: 0, points: [], says: [] };
    expect(() => add(state, 'device.calibrated', calibrated, by(lead))).toThrow('device.calibrate');
    state = add(state, 'capture.derived', { ...weight, expression: '[a/g]' }, by(lead));
    const observer = 'c'.repeat(64);
    state = add(state, 'seat.joined', { seat: observer, role: 'observer', vkey: 'x' });
    expect(() => add(state, 'capture.removed', { id: 'math/weight' }, by(observer))).toThrow('observer');
  });
});
