/** The scorer's rule: what a part is worth, from 0 to 100, by what vision says of it. */
export const scoreOf = (label: string, confidence: number): number =>
  Math.round(label === 'ok' ? 80 + confidence * 20 : 60 - confidence * 40);
