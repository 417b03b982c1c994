/** What the two levels of a channel mean, by its column: low, high. */
const wordsOf: Record<string, readonly [low: string, high: string]> = {
  beam: ['broken', 'free'],
  up: ['down', 'up'],
};

/** The words of a channel's levels, by its id. */
export function levelWords(channel: string): readonly [low: string, high: string] {
  return wordsOf[channel.slice(channel.lastIndexOf('/') + 1)] ?? ['low', 'high'];
}

/** A value as its level's word; null for what is on neither. */
export function levelWord(channel: string, value: number): string | null {
  if (value !== 0 && value !== 1) return null;
  return levelWords(channel)[value];
}
