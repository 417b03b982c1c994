/** Names inside a bundle, and whose evidence a file is: shared by the writer and by `verify`. */
import { endingOf } from './media.ts';
import type { EvidenceRef } from '../../../common/ledger/types.ts';

export const names = {
  bagit: 'bagit.txt',
  info: 'bag-info.txt',
  manifest: 'manifest-sha512.txt',
  tags: 'tagmanifest-sha512.txt',
  envelope: 'signatures/tagmanifest-sha512.txt.dsse.json',
  timestamp: 'signatures/tagmanifest-sha512.txt.dsse.json.tsr',
  readme: 'data/README.md',
  crate: 'data/ro-crate-metadata.json',
  ledger: 'data/ledger.jsonl',
  keys: 'data/keys/keys.json',
  profile: 'data/profile.yaml',
  redactions: 'data/redactions.json',
  markdown: 'data/postmortem.md',
  html: 'data/postmortem.html',
  viewer: 'data/viewer.html',
} as const;

export const checkpointName = (size: number) => `data/checkpoints/${size}.txt`;
export const pemName = (fingerprint: string) => `data/keys/${fingerprint}.pem`;
export const evidenceName = ({ sha256, media }: EvidenceRef) => `data/evidence/${sha256}.${endingOf(media)}`;
export const folderName = (incident: string) => `warroom-${incident}`;

export const bagitText = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
export const payloadType = 'application/vnd.in-toto+json';
export const predicateType = 'urn:warroom:bundle:1';
export const statementType = 'https://in-toto.io/Statement/v1';

/** Captures and sessions lie in folders of their own: what these entries name is not in data/evidence. */
export function namesRecordings(type: string): boolean {
  return type.startsWith('capture.') || type.startsWith('session.');
}

/** Checkpoints are kept for ever after these: each decision, approval and take-over. */
export function isDecisive(type: string): boolean {
  return type === 'rung.decided' || type.startsWith('approval.') || type === 'host.taken-over';
}

/** Casts beyond this are not embedded in the viewer (FORMATS). */
const maxEmbeddedBytes = 20_000_000;

/** Whether the viewer holds a copy of this file: a page that was opened from a file can't read its siblings. */
export function mustEmbed(path: string, size: number): boolean {
  if (path.endsWith('.cast')) return size <= maxEmbeddedBytes;
  return (
    path === names.ledger ||
    path === names.keys ||
    path === names.redactions ||
    path.startsWith('data/checkpoints/')
  );
}

/** Byte order of names, as manifests and the zip have it. */
export function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Manifests encode only LF, CR and % (BagIt 1.0, 2.1.3). */
export const encodePath = (path: string) =>
  path.replaceAll('%', '%25').replaceAll('\n', '%0A').replaceAll('\r', '%0D');

/** A manifest: hex, two spaces, path, LF, in byte order. */
export function manifestText(hashes: ReadonlyMap<string, string>): string {
  return [...hashes.keys()]
    .sort(byName)
    .map((path) => `${hashes.get(path)}  ${encodePath(path)}\n`)
    .join('');
}

export function infoText(
  payload: { bytes: number; files: number },
  incident: string,
  lastAt: string,
): string {
  return [
    `Payload-Oxum: ${payload.bytes}.${payload.files}`,
    `External-Identifier: urn:uuid:${incident}`,
    `Bagging-Date: ${lastAt.slice(0, 10)}`,
    '',
  ].join('\n');
}
