import { describe, expect, it } from 'vitest';
import { createMemoryLedger, hostActor, technician } from '../../../test/fakes/memory-ledger.ts';
import { crateText } from './ro-crate.ts';

const lastAt = '2026-11-24T12:00:00.000Z';

interface Graph {
  '@context': string;
  '@graph': Record<string, unknown>[];
}

async function ledgerWithWork() {
  const ledger = await createMemoryLedger();
  await ledger.append({
    type: 'incident.described',
    data: { title: 'Scores "wrong"', severity: 2, drill: true },
    actor: hostActor,
  });
  for (const session of ['s1', 's2']) {
    await ledger.append({
      type: 'session.started',
      data: { session, shell: 'bash', cols: 80, rows: 24, cwd: '/', recordsInput: false },
      actor: technician,
    });
    await ledger.append({
      type: 'command.started',
      data: { session, line: `ls ${session}`, cwd: '/', quality: 'shell', from: 0 },
      actor: technician,
    });
  }
  const [command] = ledger.of('command.started');
  await ledger.append({
    type: 'command.ended',
    data: { session: 's1', command: command!.head.id, exit: 0, from: 0, to: 1, digest: 'd', ms: 1 },
    actor: hostActor,
  });
  for (const capture of ['a', 'b'])
    await ledger.append({
      type: 'capture.started',
      data: { capture, file: `captures/${capture}.mcap`, channels: [] },
      actor: hostActor,
    });
  return ledger;
}

const files = [
  { path: 'data/captures/a.mcap', bytes: 12 },
  { path: 'data/ledger.jsonl', bytes: 34 },
  { path: 'data/ro-crate-metadata.json', bytes: 56 },
  { path: 'data/sessions/s1.bytes', bytes: 0 },
];

async function crate() {
  const ledger = await ledgerWithWork();
  const text = crateText({ incident: ledger.incident, state: ledger.state, lastAt, files });
  const graph = JSON.parse(text) as Graph;
  const node = (id: string) => graph['@graph'].find((candidate) => candidate['@id'] === id);
  return { ledger, text, graph, node };
}

describe('the RO-Crate of a bundle', () => {
  it('describes itself and the root as RO-Crate 1.2 asks', async () => {
    const { ledger, graph, node } = await crate();
    expect(graph['@context']).toBe('https://w3id.org/ro/crate/1.2/context');
    expect(node('ro-crate-metadata.json')).toEqual({
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
      about: { '@id': './' },
    });
    expect(node('./')).toMatchObject({
      '@type': 'Dataset',
      name: 'Scores "wrong"',
      identifier: `urn:uuid:${ledger.incident}`,
      datePublished: lastAt,
      license: expect.any(String),
      description: expect.any(String),
    });
  });

  it('lists each file once with its size, and not itself', async () => {
    const { node } = await crate();
    expect(node('./')!.hasPart).toEqual(
      ['captures/a.mcap', 'ledger.jsonl', 'sessions/s1.bytes'].map((id) => ({ '@id': id })),
    );
    expect(node('captures/a.mcap')).toEqual({
      '@id': 'captures/a.mcap',
      '@type': 'File',
      contentSize: '12',
    });
    expect(node('sessions/s1.bytes')).toMatchObject({ contentSize: '0' });
  });

  it('has an action for each command and capture, with the times of entries', async () => {
    const { ledger, node } = await crate();
    const [first, second] = ledger.of('command.started');
    expect(node(`#command-${first!.head.id}`)).toEqual({
      '@id': `#command-${first!.head.id}`,
      '@type': 'CreateAction',
      name: 'ls s1',
      startTime: first!.head.at,
      endTime: ledger.of('command.ended')[0]!.head.at,
      result: { '@id': 'sessions/s1.bytes' },
    });
    expect(node(`#command-${second!.head.id}`)).not.toHaveProperty('endTime');
    expect(node('#capture-a')).toMatchObject({ result: { '@id': 'captures/a.mcap' } });
  });

  it('refers to nothing that is not in it', async () => {
    const { graph, text } = await crate();
    const ids = new Set(graph['@graph'].map((node) => node['@id']));
    expect(ids.size).toBe(graph['@graph'].length);
    const referred = [...text.matchAll(/"@id": "([^"]+)"/g)].map(([, id]) => id);
    expect(referred.filter((id) => !ids.has(id) && !id!.startsWith('https://'))).toEqual([]);
  });
});
