export type StatisticName = 'psi' | 'js' | 'ks';
export type EffectSize = 'none' | 'moderate' | 'major';

export interface EffectLimits {
  moderate: number;
  major: number;
}

/**
 * From where on a difference is worth a word. PSI: the convention (Siddiqi, 2006). The other two are the same differences
 * in their own units: JS in bits is PSI / (8 ln 2) where small (Lin, 1991), and a normal distribution moved by δ standard
 * deviations has PSI δ² and D = 2 Φ(δ / 2) − 1.
 */
export const effectLimits: Readonly<Record<StatisticName, EffectLimits>> = {
  psi: { moderate: 0.1, major: 0.25 },
  js: { moderate: 0.018, major: 0.045 },
  ks: { moderate: 0.126, major: 0.197 },
};

export const statisticTitles: Readonly<Record<StatisticName, string>> = { psi: 'PSI', js: 'JS', ks: 'D' };

export function effectSize(value: number, { moderate, major }: EffectLimits): EffectSize {
  if (value < moderate) return 'none';
  return value < major ? 'moderate' : 'major';
}
