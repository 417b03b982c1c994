import { createLedgerRoom, openKeys } from '../../main/ledger/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';

/** A process that appends as fast as it can and prints the id of each entry once it is acknowledged. */
const [dataDir = '', incident = ''] = process.argv.slice(2);
const platform = createNodePlatform({ dataDir });
const keys = await openKeys(platform, dataDir);
const room = createLedgerRoom({ platform, keys, dataDir, version: 'test', log: console.error });
const ledger = await room.open(incident);
const actor = { kind: 'human' as const, id: keys.device.id, role: 'technician' };

for (let turn = 0; ; turn++) {
  const notes = Array.from({ length: 1 + (turn % 7) }, async (_, index) => {
    const { head } = await ledger.append({
      type: 'note.written',
      data: { text: `${turn}/${index} ${'x'.repeat(turn % 500)}` },
      actor,
    });
    process.stdout.write(`${head.seq} ${head.id}\n`);
  });
  await Promise.all(notes);
}
