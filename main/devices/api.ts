import type { contract } from '../../common/contract/index.ts';
import type { Handlers } from '../platform/call.ts';
import type { Devices } from './types.ts';

const watchInterval = 250;

export function createDevicesApi(devices: Devices): Handlers<typeof contract.devices> {
  return {
    ports: () => devices.ports(),
    connect: (spec) => {
      devices.connect(spec);
      return { id: spec.id };
    },
    disconnect: async ({ id }) => {
      await devices.disconnect(id);
      return {};
    },
    watch: (_input, call) => atMostEach(watchInterval, devices.health.watch(call.signal), call.signal),
  };
}

/** The source's values with at least `millis` between two; those that were overtaken are left out by the source. */
async function* atMostEach<T>(millis: number, source: AsyncIterable<T>, signal: AbortSignal | undefined) {
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
