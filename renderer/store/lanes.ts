/** Most lanes at once: a view at the host has no more channels. */
export const mostLanes = 32;

interface Choice {
  /** Null: nobody chose yet (`usuallyHidden`). */
  hiddenLanes: readonly string[] | null;
  laneOrder: readonly string[];
}

/**
 * What a person seldom looks at first: a cell's counts where it gives its weight too, and of a service whether it answers and
 * how fast, which the devices' pane says.
 */
export function usuallyHidden(channels: readonly { id: string }[]): string[] {
  const all = new Set(channels.map(({ id }) => id));
  const isSeldom = (id: string) =>
    (id.endsWith('/raw') && all.has(id.replace(/raw$/, 'weight'))) || /\/(up|answer)$/.test(id);
  return [...all].filter(isSeldom);
}

/**
 * The place that gives a channel its colour, which it keeps when lanes are moved or hidden: among those usually shown, or
 * among the others, as the host tells them.
 */
export function colorPlace(channels: readonly { id: string }[], id: string): number {
  const hidden = new Set(usuallyHidden(channels));
  return channels
    .filter((each) => hidden.has(each.id) === hidden.has(id))
    .findIndex((each) => each.id === id);
}

/** All channels in the order chosen. */
export function orderedLanes<C extends { id: string }>(
  channels: readonly C[],
  { laneOrder }: Pick<Choice, 'laneOrder'>,
): C[] {
  const place = new Map(laneOrder.map((id, i) => [id, i]));
  const placeOf = ({ id }: C) => place.get(id) ?? Infinity;
  return [...channels].sort((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)];
    return first === second ? 0 : first - second;
  });
}

/** Those of them that are drawn. */
export function shownLanes<C extends { id: string }>(channels: readonly C[], choice: Choice): C[] {
  const hidden = new Set(choice.hiddenLanes ?? usuallyHidden(channels));
  return orderedLanes(channels, choice)
    .filter(({ id }) => !hidden.has(id))
    .slice(0, mostLanes);
}

/** The order in which `id` stands a place higher (−1) or lower (1), as far as there is one. */
export function movedLane(order: readonly string[], id: string, step: 1 | -1): string[] {
  const from = order.indexOf(id);
  const to = from + step;
  if (from === -1 || to < 0 || to >= order.length) return [...order];
  const moved = order.filter((each) => each !== id);
  moved.splice(to, 0, id);
  return moved;
}
