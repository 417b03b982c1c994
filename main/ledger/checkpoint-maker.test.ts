import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { verifyCheckpoint } from '../../common/ledger/checkpoint.ts';
import { createTree, leafHash } from '../../common/ledger/merkle.ts';
import { incidentKeyName, makeVkey } from '../../common/ledger/vkey.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { generateSigner, nodeCrypto } from '../platform/node/crypto.ts';
import { createCheckpointMaker } from './checkpoint-maker.ts';
import type { CheckpointFiles } from './checkpoints.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const tree = createTree(nodeCrypto);
  const disk = new Map<number, string>();
  let isFull = false;
  const files: CheckpointFiles = {
    all: () => ({ checkpoints: [], unreadable: [] }),
    write: ({ size, note }) => {
      if (isFull) throw new WarroomError('no-space', 'The disk is full.');
      disk.set(size, note);
    },
    remove: (size) => void disk.delete(size),
    putAside: () => undefined,
  };
  const signer = generateSigner();
  const log = vi.fn();
  const incident = '00000000-0000-4000-8000-000000000000';
  const size = () => tree.size;
  const root = () => tree.root();
  const maker = createCheckpointMaker({
    crypto: nodeCrypto,
    signer,
    incident,
    files,
    last: null,
    size,
    root,
    log,
  });
  return {
    maker,
    disk,
    log,
    key: makeVkey(nodeCrypto, incidentKeyName(incident), 1, signer.publicKey),
    fill: (full: boolean) => void (isFull = full),
    commit: (decided = false) => {
      tree.append(leafHash(nodeCrypto, new Uint8Array([tree.size])));
      maker.afterCommit(decided);
    },
    sizes: () => [...disk.keys()].sort((a, b) => a - b),
  };
}

it('comes within a second of any entry, once for many', () => {
  const { commit, sizes, disk, key } = setUp();
  for (let i = 0; i < 5; i++) commit();
  expect(sizes()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(sizes()).toEqual([5]);
  expect(verifyCheckpoint(nodeCrypto, disk.get(5)!, [key], { strict: true }).signedBy).toEqual([key.name]);
  expect(vi.getTimerCount()).toBe(0);
});

it('of the timer gives way to the next; those after decisions and on request stay', () => {
  const { maker, commit, sizes } = setUp();
  const second = () => vi.advanceTimersByTime(1000);
  commit();
  second();
  commit(true);
  expect(sizes()).toEqual([1, 2]);
  commit();
  second();
  expect(sizes()).toEqual([2, 3]);
  // Asked for, it is kept from then on, though the timer had made it.
  expect(maker.make().size).toBe(3);
  commit();
  second();
  commit();
  second();
  expect(sizes()).toEqual([2, 3, 5]);
});

it('is tried again when it could not be written, which is said once', () => {
  const { maker, commit, sizes, fill, log } = setUp();
  const heard = vi.fn();
  maker.onMade(heard);
  fill(true);
  commit(true);
  vi.advanceTimersByTime(5000);
  expect(sizes()).toEqual([]);
  expect(log).toHaveBeenCalledTimes(1);
  fill(false);
  vi.advanceTimersByTime(1000);
  expect(sizes()).toEqual([1]);
  expect(heard).toHaveBeenCalledTimes(1);
  maker.stop();
  expect(vi.getTimerCount()).toBe(0);
});
