/** The first event that fits. Throws where the events end before. */
export async function first<T>(events: AsyncIterable<T>, fits: (event: T) => boolean): Promise<T> {
  for await (const event of events) if (fits(event)) return event;
  throw new Error('The events ended before that.');
}
