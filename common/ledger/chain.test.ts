import { describe, expect, it } from 'vitest';
import { generateSigner, nodeCrypto as crypto, type StoredSigner } from '../../main/platform/node/crypto.ts';
import { toBase64, toHex, utf8 } from '../lib/bytes.ts';
import { canonicalize } from '../lib/canonical.ts';
import { uuidv7 } from '../lib/ids.ts';
import { createChainVerifier, type ChainVerifier } from './chain.ts';
import { cosign, signCheckpoint } from './checkpoint.ts';
import { encodeLine, entryBytes, sealEntry } from './entry.ts';
import { signIncidentKey } from './incident-key.ts';
import { leafHash, rootOf } from './merkle.ts';
import { signRequest } from './request.ts';
import type { Body, Entry, Head, LedgerLine } from './types.ts';
import { deviceKeyName, encodeVkey, fingerprint, incidentKeyName, makeVkey } from './vkey.ts';

const incident = '0190c8a1-0000-4000-8000-000000000001';
const host = generateSigner();
const other = generateSigner();
const incidentKey = generateSigner();
const nextKey = generateSigner();
const seatOf = (signer: StoredSigner) => fingerprint(crypto, signer.publicKey);
const deviceVkey = ({ publicKey }: StoredSigner) =>
  encodeVkey(makeVkey(crypto, deviceKeyName(crypto, publicKey), 1, publicKey));
const incidentVkey = ({ publicKey }: StoredSigner, name = incidentKeyName(incident)) =>
  encodeVkey(makeVkey(crypto, name, 1, publicKey));
const claim = (device: StoredSigner, key: StoredSigner) =>
  signIncidentKey(device, deviceVkey(device), incidentVkey(key));
const seated = (signer: StoredSigner, role: string) => ({
  seat: seatOf(signer),
  role,
  vkey: deviceVkey(signer),
});

/** Writes a ledger as a host would; `head` and `body` bend what a broken or hostile one would write. */
class Writer {
  readonly entries: Entry[] = [];
  epoch = 0;

  add(
    type: string,
    data: object = {},
    { head = {}, body = {} }: { head?: object; body?: object } = {},
  ): this {
    const seq = this.entries.length;
    const whole: Omit<Head, 'bodyHash'> = {
      v: 1,
      incident,
      epoch: this.epoch,
      seq,
      id: uuidv7(1_764_000_000_000 + seq, new Uint8Array(10).fill(seq)),
      at: new Date(1_764_000_000_000 + seq).toISOString(),
      boot: 'b1',
      mono: seq,
      actor: { kind: 'system', id: 'host', role: 'system' },
      type,
      prev: seq === 0 ? '0'.repeat(64) : toHex(this.leaves().at(-1)!),
      ...head,
    };
    const wholeBody = { data: data as Body['data'], evidence: [], ...body };
    this.entries.push(sealEntry(crypto, whole, wholeBody, toHex(new Uint8Array(16).fill(seq))));
    return this;
  }

  leaves(): Uint8Array[] {
    return this.entries.map(({ head }) => leafHash(crypto, entryBytes(head)));
  }

  root(size = this.entries.length): Uint8Array {
    return rootOf(crypto, this.leaves().slice(0, size));
  }

  note(signer = incidentKey, size = this.entries.length, root = this.root(size)): string {
    return signCheckpoint(crypto, signer, incident, size, root);
  }

  takeOver(device = other, checkpoint = this.note(), data: object = {}): this {
    this.epoch++;
    return this.add('host.taken-over', { checkpoint, ...claim(device, nextKey), ...data });
  }

  /** A request of `signer`, as an entry's body carries it. */
  request(signer: StoredSigner, change: object = {}): { body: object } {
    const size = this.entries.length;
    const head = { size, root: toBase64(this.root()) };
    const at = '2026-11-24T12:00:00.000Z';
    const request = { incident, seat: seatOf(signer), method: 'm', params: {}, nonce: `n${size}`, at, head };
    return { body: { req: signRequest(crypto, signer, { ...request, ...change }) } };
  }
}

const begun = () =>
  new Writer()
    .add('incident.declared', claim(host, incidentKey))
    .add('seat.joined', seated(host, 'technician'));
const withLead = () => begun().add('seat.joined', seated(other, 'lead'));
const line = (entry: LedgerLine) => encodeLine(entry).slice(0, -1);

function verify(entries: readonly LedgerLine[]): ChainVerifier {
  const chain = createChainVerifier(crypto);
  for (const entry of entries) chain.add(line(entry));
  return chain;
}

describe('a ledger that is whole', () => {
  it('gives its root at every size, its keys, its seats and its last time', () => {
    const ledger = withLead().add('note.written', { text: 'ä€😀' });
    const chain = verify(ledger.entries);
    for (let size = 0; size <= ledger.entries.length; size++)
      expect(chain.rootAt(size)).toEqual(ledger.root(size));
    expect(chain.root()).toEqual(ledger.root());
    expect(chain.devices.map(encodeVkey)).toEqual([deviceVkey(host), deviceVkey(other)]);
    expect(chain.seats.get(seatOf(other))?.roles).toEqual([{ seq: 2, role: 'lead' }]);
    expect([chain.incident, chain.size, chain.withheld]).toEqual([incident, 4, 0]);
    expect(chain.lastAt).toBe(ledger.entries.at(-1)!.head.at);
    expect(() => chain.rootAt(5)).toThrow(/4 entries/);
  });

  it('is read from bytes as from text, and not from bytes that are no UTF-8', () => {
    const [first] = begun().entries;
    expect(createChainVerifier(crypto).add(utf8(line(first!)))).toEqual(first);
    const broken = utf8(line(first!));
    broken[20] = 0xff;
    expect(() => createChainVerifier(crypto).add(broken)).toThrow(/Entry 0: .*UTF-8/);
  });

  it('may withhold bodies, and counts them', () => {
    const { entries } = withLead().add('note.written', { text: 'secret' }).add('note.written', { text: 'b' });
    const lines = entries.map((entry) =>
      entry.head.seq === 3 ? { head: entry.head, redacted: true as const } : entry,
    );
    const chain = verify(lines);
    expect(chain.withheld).toBe(1);
    expect(chain.root()).toEqual(verify(entries).root());
  });

  it('keeps members and types of a later version', () => {
    const later = begun().add(
      'beam.Fired_up',
      { x: 1 },
      { head: { tilt: 'y' }, body: { colour: ['red'], 10: 1, 9: 2 } },
    );
    expect(verify(later.entries).size).toBe(3);
  });
});

describe('a ledger that is not whole is refused', () => {
  const cases: [string, RegExp, () => Writer][] = [
    ['a gap in seq', /Entry 2: its seq/, () => begun().add('a.b', {}, { head: { seq: 3 } })],
    ['another prev', /Entry 2: .*prev/, () => begun().add('a.b', {}, { head: { prev: 'ab'.repeat(32) } })],
    [
      'an id that stands twice',
      /its id stands twice/,
      () => begun().add('a.b', {}, { head: { id: begun().entries[0]!.head.id } }),
    ],
    [
      'another incident',
      /another incident/,
      () => begun().add('a.b', {}, { head: { incident: incident.replace('0190', '0191') } }),
    ],
    ['an epoch that rises of itself', /its epoch/, () => begun().add('a.b', {}, { head: { epoch: 1 } })],
    [
      'an incident key that its device did not sign',
      /not valid/,
      () => new Writer().add('incident.declared', { ...claim(host, incidentKey), device: deviceVkey(other) }),
    ],
    [
      'an incident key of another name',
      /another name/,
      () => {
        const vkey = incidentVkey(incidentKey, 'warroom/elsewhere');
        return new Writer().add('incident.declared', signIncidentKey(host, deviceVkey(host), vkey));
      },
    ],
    [
      'no seat of the host in entry 1',
      /host's own seat/,
      () => new Writer().add('incident.declared', claim(host, incidentKey)).add('note.written'),
    ],
    [
      "another's seat in entry 1",
      /host's own seat/,
      () =>
        new Writer()
          .add('incident.declared', claim(host, incidentKey))
          .add('seat.joined', seated(other, 'lead')),
    ],
    [
      "a seat that is not its key's fingerprint",
      /fingerprint/,
      () => begun().add('seat.joined', { ...seated(other, 'lead'), seat: seatOf(host) }),
    ],
    [
      'a role for a seat that never joined',
      /never joined/,
      () => begun().add('role.changed', { seat: seatOf(other), role: 'lead' }),
    ],
    ['a leaving of nobody', /never joined/, () => begun().add('seat.left', { seat: 'nobody' })],
  ];
  it.each(cases)('with %s', (_what, why, make) => {
    expect(() => verify(make().entries)).toThrow(why);
  });

  it('with any one byte of any line changed', () => {
    const lines = withLead().add('note.written', { text: 'five' }).entries.map(line);
    const root = verify(withLead().add('note.written', { text: 'five' }).entries).root();
    lines.forEach((text, at) => {
      for (let i = 0; i < text.length; i += 7) {
        const changed = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ 1) + text.slice(i + 1);
        const chain = createChainVerifier(crypto);
        const readAll = () => {
          lines.forEach((each, n) => chain.add(n === at ? changed : each));
          if (toHex(chain.root()) !== toHex(root)) throw new Error('another root');
        };
        expect(readAll).toThrow();
      }
    });
  });

  it.each(['incident.declared', 'seat.joined', 'role.changed', 'seat.left', 'host.taken-over'])(
    'with the body of %s withheld',
    (type) => {
      const { entries } = withLead()
        .add('role.changed', { seat: seatOf(other), role: 'lead' })
        .add('seat.left', { seat: seatOf(host) })
        .takeOver();
      verify(entries);
      const lines = entries.map((entry) =>
        entry.head.type === type ? { head: entry.head, redacted: true as const } : entry,
      );
      expect(() => verify(lines)).toThrow(/never withheld/);
    },
  );

  it('with a body swapped for another', () => {
    const { entries } = begun().add('note.written', { text: 'a' });
    const swapped = { ...entries[2]!, body: { data: { text: 'b' }, evidence: [] } };
    expect(() => verify([...entries.slice(0, 2), swapped])).toThrow(/Entry 2: .*bodyHash/);
  });

  it('with lines not as we would write them', () => {
    const [first] = begun().entries;
    const text = line(first!);
    const bad = [
      text.replace('{', '{ '),
      `${text}\n`,
      text.replace('"v":1', '"v":1,"v":1'),
      text.replace(/}$/, ',"x":1}'),
      canonicalize({ head: first!.head, redacted: false }),
      canonicalize({ ...first!, redacted: true }),
      canonicalize({ ...first!, salt: first!.salt.slice(2) }),
      canonicalize({ ...first!, head: { ...first!.head, at: '2026-02-30T00:00:00.000Z' } }),
      canonicalize({ ...first!, head: { ...first!.head, id: incident } }),
      canonicalize({ ...first!, head: { ...first!.head, mono: 2 ** 53 } }),
      canonicalize({ ...first!, body: { data: { text: 'x'.repeat(65_536) }, evidence: [] } }),
    ];
    for (const each of bad) expect(() => createChainVerifier(crypto).add(each)).toThrow(/Entry 0/);
  });
});

describe('a take-over', () => {
  it('starts an epoch with a key of its own, and another may follow', () => {
    const ledger = withLead().takeOver().add('note.written');
    ledger.takeOver(other, ledger.note(nextKey));
    const { epochs } = verify(ledger.entries);
    expect(epochs.map(({ epoch, from }) => [epoch, from])).toEqual([
      [0, 0],
      [1, 3],
      [2, 5],
    ]);
    expect(encodeVkey(epochs[1]!.deviceKey)).toBe(deviceVkey(other));
  });

  it('may carry the lines of witnesses who sit here', () => {
    const ledger = withLead();
    const seen = cosign(crypto, other, incident, seatOf(other), ledger.note(), 1_764_000_000);
    expect(verify(ledger.takeOver(other, seen).entries).epochs).toHaveLength(2);
    const stranger = generateSigner();
    const strange = cosign(crypto, stranger, incident, seatOf(stranger), withLead().note(), 1_764_000_000);
    const { entries } = withLead().takeOver(other, strange);
    expect(() => verify(entries)).toThrow(/not known/);
    const key = makeVkey(crypto, `warroom/${incident}/seat/${seatOf(stranger)}`, 4, stranger.publicKey);
    const chain = createChainVerifier(crypto, { keys: [key] });
    expect(() => entries.forEach((entry) => chain.add(line(entry)))).not.toThrow();
  });

  const cases: [string, RegExp, () => Writer][] = [
    ['by a device that is no lead', /no lead/, () => withLead().takeOver(host)],
    ['by a device without a seat', /no lead/, () => withLead().takeOver(generateSigner())],
    [
      'by a lead who has left',
      /no lead/,
      () =>
        withLead()
          .add('seat.left', { seat: seatOf(other) })
          .takeOver(),
    ],
    [
      'by a lead made after leaving',
      /no lead/,
      () =>
        withLead()
          .add('seat.left', { seat: seatOf(other) })
          .add('role.changed', { seat: seatOf(other), role: 'lead' })
          .takeOver(),
    ],
    [
      'of a smaller size',
      /not of this ledger/,
      () => withLead().takeOver(other, withLead().note(incidentKey, 2)),
    ],
    [
      'of another root',
      /not of this ledger/,
      () => withLead().takeOver(other, withLead().note(incidentKey, 3, new Uint8Array(32))),
    ],
    ['under a key of its own', /not known/, () => withLead().takeOver(other, withLead().note(nextKey))],
    [
      'that its device did not sign',
      /not valid/,
      () => withLead().takeOver(other, withLead().note(), { sig: claim(host, nextKey).sig }),
    ],
    [
      'without its checkpoint',
      /lacks the checkpoint/,
      () => withLead().takeOver(other, '', { checkpoint: 1 }),
    ],
  ];
  it.each(cases)('%s is refused', (_what, why, make) => {
    expect(() => verify(make().entries)).toThrow(why);
  });
});

describe('a signed request', () => {
  const add = (change: object = {}, signer = other) => {
    const ledger = withLead();
    return ledger.add('note.written', {}, ledger.request(signer, change));
  };

  it('holds for the seat that signed it', () => {
    expect(verify(add().entries).size).toBe(4);
    expect(verify(add({ head: { size: 2, root: toBase64(withLead().root(2)) } }).entries).size).toBe(4);
  });

  it.each<[string, RegExp, () => Writer]>([
    ['for another incident', /another incident/, () => add({ incident: 'x' })],
    ['of a seat that is not its key', /another seat/, () => add({ seat: seatOf(host) })],
    ['by nobody here', /had not joined/, () => add({}, generateSigner())],
    [
      'on a head that is no prefix',
      /no prefix/,
      () => add({ head: { size: 2, root: toBase64(withLead().root(3)) } }),
    ],
    [
      'on a head that lies after it',
      /lies after/,
      () => add({ head: { size: 9, root: toBase64(withLead().root()) } }),
    ],
    ['with a nonce used before', /nonce was used/, () => add().add('a.b', {}, withLead().request(other))],
  ])('%s is refused', (_what, why, make) => {
    expect(() => verify(make().entries)).toThrow(why);
  });
});

describe('an entry that no reader would take is never sealed', () => {
  it.each<[string, object]>([
    ['an integer of 2^53', { n: 2 ** 53 }],
    ['a nesting too deep', JSON.parse('{"a":'.repeat(65) + '1' + '}'.repeat(65)) as object],
  ])('%s', (_what, data) => {
    expect(() => begun().add('note.written', data)).toThrow(/can't be an entry/);
  });
});
