import { describe, expect, it } from 'vitest';
import { channelsWithRates } from './channels.ts';

const at = (samples: number, seconds: number) => ({
  id: 'cell-a/raw',
  name: 'Raw',
  unit: 'counts',
  kind: 'linear' as const,
  first: 1e15,
  last: samples === 0 ? 0 : 1e15 + seconds * 1e6,
  samples,
  lost: 0,
});

describe('the rate of a channel', () => {
  it('is measured over a whole second of reports that come four times as often', () => {
    let channels = channelsWithRates([], [at(0, 0)]);
    for (let i = 0; i <= 12; i++) channels = channelsWithRates(channels, [at(1 + i * 20, i * 0.25)]);
    expect(channels[0]!.perSecond).toBeCloseTo(80, 5);
  });

  it('is not known before there was enough', () => {
    const channels = channelsWithRates(channelsWithRates([], [at(1, 0)]), [at(20, 0.25)]);
    expect(channels[0]!.perSecond).toBeNull();
  });
});
