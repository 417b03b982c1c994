import { cutText } from '../../common/lib/cut-text.ts';
import type { Rung } from '../../common/ledger/types.ts';
import type { Api } from './api.ts';
import type { BulkStreams } from './bulk-streams.ts';

/** Sends one file on the bulk plane; answers when it is kept. `progress` gets the bytes sent so far. */
export async function uploadFile(
  api: Api,
  bulk: BulkStreams,
  file: File,
  rung: Rung | undefined,
  progress: (sent: number) => void,
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
  let sent = 0;
  for (let piece = await reader.read(); !piece.done && problem === null; piece = await reader.read()) {
    await stream.send(piece.value);
    sent += piece.value.length;
    progress(sent);
  }
  stream.end();
  // The host says itself what went wrong with an upload.
  return api.evidence.finishFile({ upload });
}
