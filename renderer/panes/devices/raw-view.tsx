import { useEffect, useState } from 'react';
import { decodeRawBlocks } from '../../../common/contract/bulk-raw.ts';
import type { DeviceHealth } from '../../../common/contract/devices.ts';
import { problemOf } from '../../client/api.ts';
import type { PageStream } from '../../client/bulk-streams.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { byteSize } from '../../ui/format.ts';
import { hexOf, RawRing, textOf } from './raw-bytes.ts';

const redrawMs = 200;

/** The bytes of a device as they are read, whether they are understood or not. */
export function RawView({ device, onClose }: { device: DeviceHealth; onClose(): void }) {
  const { ring, problem, isHeld, setHeld } = useRaw(device.id);
  const [isHex, setHex] = useState(false);
  return (
    <Dialog title={`Raw bytes of ${device.name}`} onClose={onClose}>
      <div className="stack">
        <div className="row">
          <h3>{`Raw bytes of ${device.name}`}</h3>
          <span className="muted mono">{`${byteSize(ring.seen)} seen`}</span>
          {ring.dropped > 0 && <span className="warn-t">{`${byteSize(ring.dropped)} not shown`}</span>}
          <span className="push" />
          <Button aria-pressed={isHex} onClick={() => setHex(!isHex)}>
            {isHex ? 'As text' : 'As hex'}
          </Button>
          <Button aria-pressed={isHeld} onClick={() => setHeld(!isHeld)}>
            {isHeld ? 'Go on' : 'Hold'}
          </Button>
          <Button onClick={onClose}>Close</Button>
        </div>
        {problem && <p className="bad-t">{problem}</p>}
        <pre className="raw mono" tabIndex={0} aria-label="Bytes" data-testid="raw-bytes">
          {ring.seen === 0 && !problem && <span className="muted">Nothing came yet.</span>}
          {isHex ? hexOf(ring.bytes, ring.seen - ring.bytes.length) : textOf(ring.bytes)}
        </pre>
      </div>
    </Dialog>
  );
}

/** Follows the device's bytes; what is drawn is drawn a few times a second, however fast they come. */
function useRaw(id: string) {
  const link = useRoom((store) => store.link);
  const [shown, setShown] = useState<Pick<RawRing, 'bytes' | 'seen' | 'dropped'>>(() => new RawRing());
  const [problem, setProblem] = useState<string | null>(null);
  const [isHeld, setHeld] = useState(false);
  const [ring] = useState(() => new RawRing());
  useEffect(() => {
    if (link.is !== 'up') return;
    let stream: PageStream | null = null;
    let isClosed = false;
    const take = (payload: Uint8Array) => {
      for (const block of decodeRawBlocks(payload)) {
        if (block.kind === 'bytes') ring.add(block.bytes);
        else ring.dropped += block.count;
      }
    };
    const start = async () => {
      const { stream: opened } = await link.api.devices.openRaw({ id });
      stream = link.bulk.open(opened, { data: take, end: setProblem });
      if (isClosed) stream.end();
    };
    start().catch((error: unknown) => setProblem(problemOf(error)?.message ?? null));
    return () => {
      isClosed = true;
      stream?.end();
      stream?.forget();
    };
  }, [id, link, ring]);
  useEffect(() => {
    if (isHeld) return;
    const timer = setInterval(
      () => setShown({ bytes: ring.bytes, seen: ring.seen, dropped: ring.dropped }),
      redrawMs,
    );
    return () => clearInterval(timer);
  }, [isHeld, ring]);
  return { ring: shown, problem, isHeld, setHeld };
}
