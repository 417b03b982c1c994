import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeviceLink } from '../../common/contract/devices.ts';
import type { Link } from '../../native/device-host/link.ts';
import { openLink } from '../../native/device-host/open-link.ts';

/** The device at the far end of a link, as a test plays it. */
export interface FarEnd {
  readonly spec: DeviceLink;
  /** Sends bytes to whoever has the link open. */
  send(text: string): Promise<void>;
  /** Resolves when `count` bytes came from the near end since the start. */
  received(count: number): Promise<string>;
  /** The plug is pulled, or the machine gone. */
  unplug(): Promise<void>;
  /** The same device is there again, under the same name. */
  replug(): Promise<void>;
  close(): Promise<void>;
}

/** Bytes and the end of a link, as promises. */
export function recordLink() {
  let text = '';
  let wake = () => undefined as void;
  const ended = Promise.withResolvers<string>();
  return {
    events: {
      onData: (chunk: Uint8Array) => {
        text += Buffer.from(chunk).toString('latin1');
        wake();
      },
      onClose: ended.resolve,
    },
    ended: ended.promise,
    async read(count: number): Promise<string> {
      while (text.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return text;
    },
  };
}

async function opened(far: FarEnd): Promise<{ link: Link; near: ReturnType<typeof recordLink> }> {
  const near = recordLink();
  const link = await openLink(far.spec, near.events);
  onTestFinished(() => link.close());
  return { link, near };
}

/** What every kind of link does, real or not. */
export function linkContract(kind: string, createFarEnd: () => Promise<FarEnd>): void {
  async function farEnd(): Promise<FarEnd> {
    const far = await createFarEnd();
    onTestFinished(() => far.close());
    return far;
  }

  describe(`a ${kind} link`, () => {
    it('carries data both ways', async () => {
      const far = await farEnd();
      const { link, near } = await opened(far);
      expect(link.isOpen).toBe(true);
      await far.send('from the device\n');
      expect(await near.read(16)).toBe('from the device\n');
      await link.write(Buffer.from('to the device\n'));
      expect(await far.received(14)).toBe('to the device\n');
    });

    it('tells that it was unplugged, and sends nothing any more', async () => {
      const far = await farEnd();
      const { link, near } = await opened(far);
      await far.unplug();
      expect(await near.ended).not.toBe('');
      expect(link.isOpen).toBe(false);
      await expect(link.write(Buffer.from('late'))).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('notices an unplug in the middle of data, at once', async () => {
      for (let round = 0; round < 10; round++) {
        const far = await farEnd();
        const { near } = await opened(far);
        await far.send('x'.repeat(2_000));
        await far.unplug();
        expect(await near.ended).not.toBe('');
      }
    });

    it('does not send after a reopen what was refused before it', async () => {
      const far = await farEnd();
      const first = await opened(far);
      await first.link.close();
      await expect(first.link.write(Buffer.from('stale'))).rejects.toMatchObject({ code: 'unavailable' });
      const second = await opened(far);
      await second.link.write(Buffer.from('fresh'));
      expect(await far.received(5)).toBe('fresh');
    });

    it('is opened anew after an unplug', async () => {
      const far = await farEnd();
      const first = await opened(far);
      await far.unplug();
      await first.near.ended;
      await far.replug();
      const { near } = await opened(far);
      await far.send('again\n');
      expect(await near.read(6)).toBe('again\n');
    });

    it('refuses a second open with `taken`, and is free after it was closed', async () => {
      const far = await farEnd();
      const { link, near } = await opened(far);
      await expect(openLink(far.spec, recordLink().events)).rejects.toMatchObject({ code: 'taken' });
      await link.close();
      await near.ended;
      expect((await opened(far)).link.isOpen).toBe(true);
    });

    it('is closed once only, however often it is asked', async () => {
      const { link, near } = await opened(await farEnd());
      await Promise.all([link.close(), link.close()]);
      await link.close();
      expect(await near.ended).toBe('closed');
    });
  });
}
