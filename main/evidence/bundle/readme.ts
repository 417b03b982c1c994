/** data/README.md: what the bundle is, and how to check it with what every system has. */
export function readmeText(
  incident: string,
  size: number,
  root: string,
  deviceVkey: string,
  incidentPem: string,
): string {
  return `# Postmortem bundle of incident ${incident}

This folder is a BagIt 1.0 bag (RFC 8493). It holds the whole ledger of one incident up to checkpoint ${size}
(root ${root}), the evidence that the ledger names, and the keys that signed it.

| path | what it is |
|---|---|
| ledger.jsonl | every entry, one a line: hashed head, salted body |
| checkpoints/ | signed Merkle tree heads (C2SP tlog-checkpoint) |
| keys/ | the public keys, as PEM and as verifier keys |
| evidence/ | kept blobs, named by their SHA-256 |
| captures/ | recorded signals (MCAP) |
| sessions/ | recorded terminals: raw bytes, timing, and a cast to play |
| profile.yaml | the system that was under watch |

## Check it

With War Room: \`warroom verify BUNDLE --trust '${deviceVkey}'\`

Without it, in the folder above this one:

    sha512sum --check manifest-sha512.txt
    sha512sum --check tagmanifest-sha512.txt

and the signature over tagmanifest-sha512.txt (a DSSE envelope; needs openssl 3 and python3):

    export there=$(mktemp -d)
    python3 - <<'PY'
    import base64, json, os
    there = os.environ['there']
    e = json.load(open('signatures/tagmanifest-sha512.txt.dsse.json'))
    t, b = e['payloadType'].encode(), base64.b64decode(e['payload'])
    open(there + '/pae', 'wb').write(b'DSSEv1 %d %s %d %s' % (len(t), t, len(b), b))
    open(there + '/sig', 'wb').write(base64.b64decode(e['signatures'][0]['sig']))
    print(json.dumps(json.loads(b), indent=2))
    PY
    openssl pkeyutl -verify -rawin -pubin -inkey data/keys/${incidentPem} -in "$there/pae" -sigfile "$there/sig"

The sha512 in the printed statement must be that of tagmanifest-sha512.txt. Who signed is told by the device's key only:
compare its fingerprint with the one shown in the room.
`;
}
