import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystem } from '../../../common/lib/errors.ts';
import type { CheckOutcome } from '../../ladder/index.ts';
import type { Finding } from './report.ts';

/** Bytes that a finding rests on, by their digest. `file`: where they were kept; null where they were not. */
export interface KeptFile {
  name: string;
  media: string;
  sha256: string;
  file: string | null;
}

/** Digests what the outcomes rest on, and keeps it in `folder` where there is one. The same bytes are one file. */
export async function keepEvidence(outcome: CheckOutcome, folder: string | null): Promise<Finding> {
  const kept: KeptFile[] = [];
  for (const { name, media, bytes } of outcome.evidence ?? []) {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = folder === null ? null : join(folder, fileName(sha256, name));
    if (file !== null)
      await writeFile(file, bytes).catch((error: unknown) => {
        throw fromSystem(error, `Keeping ${file}`);
      });
    kept.push({ name, media, sha256, file });
  }
  return { ...outcome, evidence: kept };
}

/** The digest keeps names apart, and what a name has of other characters leads out of no folder. */
const fileName = (sha256: string, name: string) =>
  `${sha256.slice(0, 16)}-${name.replaceAll(/[^\w.-]+/g, '_').slice(-80)}`;
