/** The source's values with at least `millis` between two; those that were overtaken are left out by the source. */
export async function* atMostEach<T>(
  millis: number,
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
) {
  for await (const value of source) {
    yield value;
    await pause(millis, signal);
  }
}

function pause(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal?.addEventListener('abort', end);
  });
}
