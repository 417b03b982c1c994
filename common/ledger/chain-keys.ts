/** What a ledger itself says about keys: epochs, devices, seats and their roles (FORMATS, Keys). */
import { equalBytes } from '../lib/bytes.ts';
import type { Crypto } from '../lib/crypto.ts';
import { WarroomError } from '../lib/errors.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { verifyIncidentKey } from './incident-key.ts';
import type { Entry } from './types.ts';
import {
  cosignatureKeyName,
  deviceKeyName,
  fingerprint,
  incidentKeyName,
  makeVkey,
  parseVkey,
  type VerifierKey,
} from './vkey.ts';

/** An epoch of the incident: its key, and the device that vouches for it. */
export interface Epoch {
  epoch: number;
  /** seq of its first entry. */
  from: number;
  incidentKey: VerifierKey;
  deviceKey: VerifierKey;
}

/** A seat as the ledger says: every change of role by its seq; the role of a seat that left is "". */
export interface ChainSeat {
  seat: string;
  key: VerifierKey;
  roles: { seq: number; role: string }[];
}

export interface ChainKeys {
  readonly epochs: readonly Epoch[];
  readonly seats: ReadonlyMap<string, ChainSeat>;
  /** Devices of entry 0, take-overs and seat.joined, each once. */
  readonly devices: readonly VerifierKey[];
  /** Takes a visible entry in; `root` is that of the entries before it. Throws `damaged` where it breaks a rule. */
  add(entry: Entry, root: () => Uint8Array): void;
}

/** `others`: keys that may also stand under a take-over's checkpoint (in a bundle, those of keys.json). */
export function createChainKeys(crypto: Crypto, others: readonly VerifierKey[] = []): ChainKeys {
  const epochs: Epoch[] = [];
  const seats = new Map<string, ChainSeat>();
  const devices: VerifierKey[] = [];

  function addDevice(key: VerifierKey): void {
    if (key.alg !== 1 || key.name !== deviceKeyName(crypto, key.publicKey))
      fail("a device's key has another name");
    if (!devices.some(({ name }) => name === key.name)) devices.push(key);
  }

  function addEpoch({ head, body }: Entry): void {
    const { incident, device, sig } = body.data;
    if (typeof incident !== 'string' || typeof device !== 'string' || typeof sig !== 'string')
      return fail('it lacks incident, device or sig');
    const incidentKey = parseVkey(crypto, incident);
    const deviceKey = parseVkey(crypto, device);
    if (incidentKey.alg !== 1 || incidentKey.name !== incidentKeyName(head.incident))
      fail("the incident's key has another name");
    addDevice(deviceKey);
    if (!verifyIncidentKey(crypto, { incident, device, sig }))
      fail("the device's signature of the incident's key is not valid");
    epochs.push({ epoch: head.epoch, from: head.seq, incidentKey, deviceKey });
  }

  function takeOver(entry: Entry, root: Uint8Array): void {
    const { head, body } = entry;
    const before = epochs.at(-1);
    if (!before || typeof body.data.checkpoint !== 'string')
      return fail('it lacks the checkpoint that was taken over');
    const verdict = verifyCheckpoint(crypto, body.data.checkpoint, knownKeys(before, head.incident), {
      strict: true,
    });
    if (!verdict.signedBy.includes(before.incidentKey.name))
      fail("the checkpoint is not signed by the epoch's key before");
    if (verdict.origin !== incidentKeyName(head.incident)) fail('the checkpoint is of another incident');
    if (verdict.size !== head.seq || !equalBytes(verdict.root, root))
      fail('the checkpoint is not of this ledger');
    addEpoch(entry);
    const device = seats.get(fingerprint(crypto, epochs.at(-1)!.deviceKey.publicKey));
    if (device?.roles.at(-1)?.role !== 'lead') fail('the device that took over was no lead');
  }

  /**
   * Keys whose line may stand under the note. The incident's keys of all epochs have one name: only the last one's may
   * count as the signature of the epoch before.
   */
  function knownKeys(before: Epoch, incident: string): VerifierKey[] {
    const witnesses = [...seats.values()].map(({ seat, key }) =>
      makeVkey(crypto, cosignatureKeyName(incident, seat), 4, key.publicKey),
    );
    const elsewhere = others.filter(({ name }) => name !== before.incidentKey.name);
    return [before.incidentKey, ...witnesses, ...devices, ...elsewhere];
  }

  function join({ head, body }: Entry): void {
    const { seat, role, vkey } = body.data;
    if (typeof seat !== 'string' || typeof role !== 'string' || typeof vkey !== 'string' || !role)
      return fail('it lacks seat, role or vkey');
    const key = parseVkey(crypto, vkey);
    if (fingerprint(crypto, key.publicKey) !== seat) fail("the seat is not its key's fingerprint");
    if (head.seq === 1 && !equalBytes(key.publicKey, epochs[0]!.deviceKey.publicKey))
      fail("entry 1 is not the host's own seat");
    addDevice(key);
    const known = seats.get(seat);
    if (known) known.roles.push({ seq: head.seq, role });
    else seats.set(seat, { seat, key, roles: [{ seq: head.seq, role }] });
  }

  function changeRole({ head, body }: Entry, role: unknown): void {
    const seat = typeof body.data.seat === 'string' ? seats.get(body.data.seat) : undefined;
    if (!seat) return fail('it names a seat that never joined');
    if (typeof role !== 'string') return fail('it lacks a role');
    // Who has left gets a role again only by joining.
    if (seat.roles.at(-1)?.role !== '') seat.roles.push({ seq: head.seq, role });
  }

  return {
    epochs,
    seats,
    devices,
    add(entry, root) {
      const { seq, type } = entry.head;
      if (seq === 0) addEpoch(entry);
      if (type === 'host.taken-over') takeOver(entry, root());
      if (type === 'seat.joined') join(entry);
      if (type === 'role.changed') changeRole(entry, entry.body.data.role);
      if (type === 'seat.left') changeRole(entry, '');
    },
  };
}

function fail(why: string): never {
  throw new WarroomError('damaged', why);
}
