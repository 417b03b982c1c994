/** Checks a ledger line by line, from its own lines alone: chain, bodies, keys, seats, requests, take-overs. */
import { fromBase64, equalBytes, toHex } from '../lib/bytes.ts';
import type { Crypto } from '../lib/crypto.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import { parseCheckpoint, verifyCheckpoint } from './checkpoint.ts';
import { checkBody, entryBytes, isWithheld, maxLineBytes, noEntryBefore, parseLine } from './entry.ts';
import { verifyIncidentKey } from './incident-key.ts';
import { createTree, leafHash } from './merkle.ts';
import { verifyRequest } from './request.ts';
import type { Entry, Head, LedgerLine } from './types.ts';
import { fingerprint, incidentKeyName, parseVkey, type VerifierKey } from './vkey.ts';

/** An epoch of the incident: its key, and the device that vouches for it. */
export interface Epoch {
  epoch: number;
  /** seq of its first entry. */
  from: number;
  incidentKey: VerifierKey;
  deviceKey: VerifierKey;
}

/** A seat as the ledger says: every change of role by its seq. */
export interface ChainSeat {
  seat: string;
  key: VerifierKey;
  roles: { seq: number; role: string }[];
  joinedAt: number;
}

export interface ChainVerifier {
  readonly size: number;
  readonly incident: string;
  readonly withheld: number;
  readonly epochs: readonly Epoch[];
  readonly seats: ReadonlyMap<string, ChainSeat>;
  /** Devices of entry 0, take-overs and seat.joined. */
  readonly devices: readonly VerifierKey[];
  /** `at` of the last entry. */
  readonly lastAt: string;
  root(): Uint8Array;
  /** Root of the first `size` entries; 0 ≤ size ≤ this.size. */
  rootAt(size: number): Uint8Array;
  /** Takes the next line, without its line feed. Throws `damaged` naming the line; the verifier is then of no more use. */
  add(text: string): LedgerLine;
}

/** Types that carry who and which key: their bodies are never withheld. */
const neverWithheld = new Set(['seat.joined', 'seat.left', 'role.changed', 'host.taken-over']);

export function createChainVerifier(crypto: Crypto): ChainVerifier {
  return new Chain(crypto);
}

class Chain implements ChainVerifier {
  incident = '';
  withheld = 0;
  lastAt = '';
  readonly epochs: Epoch[] = [];
  readonly seats = new Map<string, ChainSeat>();
  readonly devices: VerifierKey[] = [];
  private readonly crypto: Crypto;
  private readonly tree;
  private readonly roots: Uint8Array[];
  private readonly ids = new Set<string>();
  private readonly nonces = new Set<string>();
  private prev = noEntryBefore;

  constructor(crypto: Crypto) {
    this.crypto = crypto;
    this.tree = createTree(crypto);
    this.roots = [this.tree.root()];
  }

  get size(): number {
    return this.tree.size;
  }

  root(): Uint8Array {
    return this.roots.at(-1)!;
  }

  rootAt(size: number): Uint8Array {
    const root = this.roots[size];
    if (!root) throw new WarroomError('damaged', `The ledger has ${this.size} entries, not ${size}.`);
    return root;
  }

  add(text: string): LedgerLine {
    try {
      // A UTF-16 unit is at most three bytes: only long lines need counting.
      if (text.length * 3 >= maxLineBytes && new TextEncoder().encode(text).length >= maxLineBytes)
        throw new WarroomError('damaged', `The line is longer than ${maxLineBytes} bytes.`);
      const line = parseLine(text);
      this.checkHead(line.head);
      if (isWithheld(line)) this.checkMayWithhold(line.head);
      else this.checkVisible(line);
      this.append(line.head);
      return line;
    } catch (error) {
      throw new WarroomError('damaged', `Entry ${this.size}: ${messageOf(error)}`, '', { seq: this.size });
    }
  }

  private append(head: Head): void {
    const leaf = leafHash(this.crypto, entryBytes(head));
    this.tree.append(leaf);
    this.roots.push(this.tree.root());
    this.prev = toHex(leaf);
    this.ids.add(head.id);
    this.lastAt = head.at;
  }

  private checkHead(head: Head): void {
    if (head.seq !== this.size) fail(`its seq is ${head.seq}`);
    if (head.prev !== this.prev) fail('it does not follow from the entry before (prev)');
    if (this.ids.has(head.id)) fail('its id stands twice');
    if (this.size === 0) this.incident = head.incident;
    else if (head.incident !== this.incident) fail('it is of another incident');
    const epoch = this.epochs.at(-1)?.epoch ?? 0;
    const isTakeOver = head.type === 'host.taken-over';
    if (head.epoch !== (isTakeOver ? epoch + 1 : epoch)) fail(`its epoch is ${head.epoch}`);
  }

  private checkMayWithhold(head: Head): void {
    if (head.seq === 0 || neverWithheld.has(head.type)) fail(`the body of ${head.type} is never withheld`);
    this.withheld++;
  }

  private checkVisible(entry: Entry): void {
    if (!checkBody(this.crypto, entry)) fail('its body is not the one its head names (bodyHash)');
    if (entry.head.seq === 0) this.declareIncident(entry);
    if (entry.head.type === 'host.taken-over') this.takeOver(entry);
    if (entry.head.type === 'seat.joined') this.join(entry);
    if (entry.head.type === 'role.changed') this.changeRole(entry, String(entry.body.data.role));
    if (entry.head.type === 'seat.left') this.changeRole(entry, '');
    if (entry.body.req) this.checkRequest(entry);
  }

  private declareIncident(entry: Entry): void {
    if (entry.head.epoch !== 0) fail('the first epoch is 0');
    this.addEpoch(entry);
  }

  private addEpoch({ head, body }: Entry): void {
    const claim = body.data as { incident?: unknown; device?: unknown; sig?: unknown };
    const { incident, device, sig } = claim;
    if (typeof incident !== 'string' || typeof device !== 'string' || typeof sig !== 'string')
      return fail('it lacks incident, device or sig');
    const incidentKey = parseVkey(this.crypto, incident);
    const deviceKey = parseVkey(this.crypto, device);
    if (incidentKey.alg !== 1 || incidentKey.name !== incidentKeyName(this.incident))
      fail("the incident's key has another name");
    this.checkDevice(deviceKey);
    if (!verifyIncidentKey(this.crypto, { incident, device, sig }))
      fail("the device's signature of the incident's key is not valid");
    this.epochs.push({ epoch: head.epoch, from: head.seq, incidentKey, deviceKey });
    this.devices.push(deviceKey);
  }

  private checkDevice(key: VerifierKey): void {
    const name = `warroom-device/${fingerprint(this.crypto, key.publicKey).slice(0, 16)}`;
    if (key.alg !== 1 || key.name !== name) fail("a device's key has another name");
  }

  private takeOver(entry: Entry): void {
    const before = this.epochs.at(-1);
    const note = entry.body.data.checkpoint;
    if (!before || typeof note !== 'string') return fail('it lacks the checkpoint that was taken over');
    const witnesses = this.leadsAt(this.size).map((seat) => this.witnessKey(seat));
    const verdict = verifyCheckpoint(this.crypto, note, [before.incidentKey, ...witnesses], { strict: true });
    if (!verdict.signedBy.includes(before.incidentKey.name))
      fail("the checkpoint is not signed by the epoch's key before");
    if (parseCheckpoint(note).origin !== incidentKeyName(this.incident))
      fail('the checkpoint is of another incident');
    if (verdict.size !== entry.head.seq || !equalBytes(verdict.root, this.root()))
      fail('the checkpoint is not of this ledger');
    this.addEpoch(entry);
    const device = fingerprint(this.crypto, this.devices.at(-1)!.publicKey);
    if (!this.leadsAt(this.size).some(({ seat }) => seat === device))
      fail('the device that took over was no lead');
  }

  private witnessKey({ seat, key }: ChainSeat): VerifierKey {
    const name = `warroom/${this.incident}/seat/${seat}`;
    const keyId = this.crypto
      .sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(4), key.publicKey)
      .slice(0, 4);
    return { name, alg: 4, publicKey: key.publicKey, keyId };
  }

  private leadsAt(seq: number): ChainSeat[] {
    return [...this.seats.values()].filter(
      ({ roles }) => roles.findLast((change) => change.seq < seq)?.role === 'lead',
    );
  }

  private join({ head, body }: Entry): void {
    const { seat, role, vkey } = body.data;
    if (typeof seat !== 'string' || typeof role !== 'string' || typeof vkey !== 'string')
      return fail('it lacks seat, role or vkey');
    const key = parseVkey(this.crypto, vkey);
    this.checkDevice(key);
    if (fingerprint(this.crypto, key.publicKey) !== seat) fail("the seat is not its key's fingerprint");
    if (head.seq === 1 && !equalBytes(key.publicKey, this.epochs[0]!.deviceKey.publicKey))
      fail("entry 1 is the host's own seat");
    const known = this.seats.get(seat);
    const change = { seq: head.seq, role };
    if (known) known.roles.push(change);
    else this.seats.set(seat, { seat, key, roles: [change], joinedAt: head.seq });
    this.devices.push(key);
  }

  private changeRole({ head, body }: Entry, role: string): void {
    const seat = this.seats.get(String(body.data.seat));
    if (!seat) return fail('it names a seat that never joined');
    seat.roles.push({ seq: head.seq, role });
  }

  private checkRequest({ body }: Entry): void {
    const seat = this.seats.get(body.req!.key);
    if (!seat) return fail('its request is by a seat that had not joined');
    const request = verifyRequest(this.crypto, body.req!, seat.key.publicKey);
    if (request.incident !== this.incident) fail('its request is for another incident');
    if (this.nonces.has(request.nonce)) fail("its request's nonce was used before");
    this.nonces.add(request.nonce);
    const root = this.roots[request.head.size];
    if (!root || !equalBytes(root, fromBase64(request.head.root)))
      fail("its request's head is no prefix of this ledger");
  }
}

function fail(why: string): never {
  throw new WarroomError('damaged', why);
}
