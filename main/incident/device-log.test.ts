import { afterEach, describe, expect, it } from 'vitest';
import { declaration, ledgerTests } from '../../test/fakes/ledger-room.ts';
import { createDeviceLog, type LinkEvent } from './device-log.ts';

const tests = ledgerTests();
afterEach(() => tests.clear());

const link: LinkEvent = {
  device: 'scale-1',
  kind: 'hx711-csv',
  name: 'Scale',
  link: 'tcp:127.0.0.1:9000',
  state: 'connected',
  at: 1_764_000_000_000_000,
  reason: '',
  channels: [{ id: 'scale-1/g', name: 'g', unit: 'g', kind: 'linear' }],
};

describe('what happens to links', () => {
  it('stands in the ledger in the order it happened, by the device', async () => {
    const { room, note } = await tests.room();
    const ledger = tests.track(await room.declare(declaration));
    const failures: unknown[] = [];
    const log = createDeviceLog(ledger, (error) => failures.push(error));
    const from = ledger.size;
    log({ ...link, identity: '1a86:7523:x' });
    log({ ...link, state: 'lost', reason: 'The plug was pulled.' });
    log(link);
    await note(ledger, 'after');
    const entries = ledger.range(from, ledger.size).slice(0, 3);
    expect(entries.map(({ head }) => head.type)).toEqual([
      'device.connected',
      'device.disconnected',
      'device.connected',
    ]);
    for (const { head } of entries)
      expect(head.actor).toEqual({ kind: 'sensor', id: 'scale-1', role: 'sensor' });
    const { device, kind, name, channels } = link;
    const data = { device, kind, name, link: link.link, channels };
    expect(entries[0]!.body.data).toEqual({ ...data, identity: '1a86:7523:x' });
    expect(entries[1]!.body.data).toEqual({ device, reason: 'The plug was pulled.' });
    expect(entries[2]!.body.data).toEqual(data);
    expect(failures).toEqual([]);
  });

  it('that can not be written is told', async () => {
    const { room } = await tests.room();
    const ledger = await room.declare(declaration);
    await ledger.close();
    const failure = await new Promise((resolve) => createDeviceLog(ledger, resolve)(link));
    expect(failure).toMatchObject({ code: 'unavailable' });
  });
});
