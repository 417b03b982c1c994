import { cutText } from '../../common/lib/cut-text.ts';
import type { Rung } from '../../common/ledger/types.ts';
import type { Api } from './api.ts';
import type { BulkStreams } from './bulk-streams.ts';

/** Sends one file on the bulk plane; answers when it is kept. */
export async function uploadFile(
  api: Api,
  bulk: BulkStreams,
  file: File,
  rung: Rung | undefined,
): Promise<{ id: string; seq: number }> {
  const { upload, stream: id } = await api.evidence.startFile({
    name: cutText(file.name, 200) || 'file',
    media: file.type || 'application/octet-stream',
    bytes: file.size,
    ...(rung && { rung }),
  });
  let problem: string | null = null;
  const stream = bulk.open(id, { data: () => undefined, end: (reason) => (problem = reason) });
  const reader = file.stream().getReader();
  try {
    for (let piece = await reader.read(); !piece.done && problem === null; piece = await reader.read())
      await stream.send(piece.value);
    stream.end();
  } catch (error) {
    // A stream that the host ended while it was waited for: why, its answer below says.
    if (problem === null) throw error;
  } finally {
    await reader.cancel();
  }
  // The host says itself what went wrong with an upload.
  return api.evidence.finishFile({ upload });
}
