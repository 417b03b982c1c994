import { describe, expect, it } from 'vitest';
import { cosign, signCheckpoint } from '../../../common/ledger/checkpoint.ts';
import {
  cosignatureKeyName,
  deviceKeyName,
  encodeVkey,
  fingerprint,
  incidentKeyName,
  makeVkey,
  parseVkey,
  type VerifierKey,
} from '../../../common/ledger/vkey.ts';
import { canonicalize, parseCanonical } from '../../../common/lib/canonical.ts';
import type { Signer } from '../../../common/lib/crypto.ts';
import { generateSigner, nodeCrypto as crypto } from '../../platform/node/crypto.ts';
import { keysText, listKeys, type LedgerKeys } from './keys.ts';

const incident = '00000000-0000-4000-8000-000000000000';

const deviceOf = ({ publicKey }: Signer) => makeVkey(crypto, deviceKeyName(crypto, publicKey), 1, publicKey);

/** A ledger with one incident key, the host's device, and one more seat. */
function keysHere() {
  const [incidentSigner, host, lead] = [generateSigner(), generateSigner(), generateSigner()];
  const incidentKey = makeVkey(crypto, incidentKeyName(incident), 1, incidentSigner.publicKey);
  const seatOf = (key: VerifierKey) => ({ seat: fingerprint(crypto, key.publicKey), key });
  const seats = [host, lead].map((signer) => seatOf(deviceOf(signer)));
  const ledger = {
    incident,
    epochs: [{ incidentKey, deviceKey: deviceOf(host) }],
    devices: [deviceOf(host), deviceOf(lead), deviceOf(host)],
    seats: new Map(seats.map((seat) => [seat.seat, seat])),
  } as unknown as LedgerKeys;
  const note = signCheckpoint(crypto, incidentSigner, incident, 3, new Uint8Array(32));
  return { ledger, note, incidentKey, host, lead, leadSeat: seats[1]!.seat };
}

describe('the keys of a bundle', () => {
  it('are the incident keys and each device once, in the order of their files', () => {
    const { ledger, note, incidentKey, host, lead } = keysHere();
    const listed = listKeys(crypto, ledger, [note]).map((item) => item.listed);
    expect(new Set(listed.map(({ vkey }) => vkey))).toEqual(
      new Set([incidentKey, deviceOf(host), deviceOf(lead)].map(encodeVkey)),
    );
    expect(listed.map(({ role }) => role).sort()).toEqual(['device', 'device', 'incident']);
    expect(listed.map(({ pem }) => pem)).toEqual(listed.map(({ pem }) => pem).sort());
    for (const { name, vkey, pem, fingerprint: print } of listed) {
      const key = parseVkey(crypto, vkey);
      expect(key.name).toBe(name);
      expect(print).toBe(fingerprint(crypto, key.publicKey));
      expect(pem).toBe(`${print}.pem`);
    }
  });

  it('have a key of its own for each seat that cosigned one of the checkpoints', () => {
    const { ledger, note, lead, leadSeat } = keysHere();
    const cosigned = cosign(crypto, lead, incident, leadSeat, note, 1_764_000_000);
    const expected = makeVkey(crypto, cosignatureKeyName(incident, leadSeat), 4, lead.publicKey);
    const of = (notes: string[]) => listKeys(crypto, ledger, notes).map(({ listed }) => listed);
    expect(of([note]).some(({ role }) => role === 'seat')).toBe(false);
    const listed = of([note, cosigned, cosigned]);
    expect(listed.filter(({ role }) => role === 'seat')).toEqual([
      {
        name: expected.name,
        role: 'seat',
        vkey: encodeVkey(expected),
        pem: `${leadSeat}.pem`,
        fingerprint: leadSeat,
      },
    ]);
    // The device and the cosignature are of one key, so of one file: the VKEY orders them.
    const twins = listed.filter(({ pem }) => pem === `${leadSeat}.pem`).map(({ vkey }) => vkey);
    expect(twins).toEqual([...twins].sort());
    expect(twins).toHaveLength(2);
  });

  it('are written canonically', () => {
    const { ledger, note } = keysHere();
    const listed = listKeys(crypto, ledger, [note]).map((item) => item.listed);
    expect(parseCanonical(keysText(listed))).toEqual({ keys: listed });
    expect(keysText([])).toBe(canonicalize({ keys: [] }));
  });
});
