import { expect, it } from 'vitest';
import type { ScopeBlock } from '../../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../../common/contract/capture.ts';
import { viewOf } from './scope-feed.ts';

const now = 1_795_000_000_000_000;
const view = (dt: number): ScopeView => ({ channels: ['a/b'], dt, from: now, to: null });
const columns = (first: number): ScopeBlock => ({
  kind: 'columns',
  channel: 0,
  replaces: false,
  first,
  min: new Float32Array(1),
  max: new Float32Array(1),
});

it('blocks belong to the view in whose columns their numbers make sense', () => {
  const views = [view(10_100), view(10_000)];
  expect(viewOf(views, [columns(Math.floor(now / 10_100) + 5)])).toBe(views[0]);
  expect(viewOf(views, [columns(Math.floor(now / 10_000) + 5)])).toBe(views[1]);
  expect(viewOf([view(10_100)], [columns(Math.floor(now / 10_000))])).toBeNull();
});

it('the present moves every view', () => {
  const views = [view(10_000)];
  expect(viewOf(views, [{ kind: 'now', at: now }])).toBe(views[0]);
});
