import { expect, it } from 'vitest';
import { emptyState, type KeptEvidence } from '../../common/incident/state.ts';
import { keptLabel } from './act.ts';
import { useRoom } from './store.ts';

it('names what was kept, whatever others have kept since; before its entry is here, the place of that', () => {
  const evidence = ['a', 'b'].map((id, index) => ({ id, label: `E-${index + 1}` }) as KeptEvidence);
  useRoom.setState({ state: { ...emptyState, evidence } });
  expect(keptLabel({ id: 'a', seq: 3 })).toBe('Kept as evidence E-1');
  expect(keptLabel({ id: 'c', seq: 9 })).toBe('Kept as evidence (entry 9)');
});
