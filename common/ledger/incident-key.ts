/** How a device vouches for an incident's key (FORMATS, Keys): entry 0 and every take-over carry it. */
import { fromBase64, toBase64, utf8 } from '../lib/bytes.ts';
import type { Crypto, Signer } from '../lib/crypto.ts';
import { parseVkey } from './vkey.ts';

export interface IncidentKeyClaim {
  /** VKEY of the incident's key. */
  incident: string;
  /** VKEY of the device's key. */
  device: string;
  /** base64, by the device. */
  sig: string;
}

/** `warroom/incident-key/v1\n` ‖ VKEY. */
export function incidentKeyMessage(incidentVkey: string): Uint8Array {
  return utf8(`warroom/incident-key/v1\n${incidentVkey}`);
}

export function signIncidentKey(device: Signer, deviceVkey: string, incidentVkey: string): IncidentKeyClaim {
  return {
    incident: incidentVkey,
    device: deviceVkey,
    sig: toBase64(device.sign(incidentKeyMessage(incidentVkey))),
  };
}

/** Whether the device named in the claim signed it. Throws `bad-input` when a key in it is malformed. */
export function verifyIncidentKey(crypto: Crypto, claim: IncidentKeyClaim): boolean {
  const device = parseVkey(crypto, claim.device);
  return crypto.verifyEd25519(device.publicKey, incidentKeyMessage(claim.incident), fromBase64(claim.sig));
}
