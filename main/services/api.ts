import type { contract } from '../../common/contract/index.ts';
import { serviceSpec } from '../../common/contract/services.ts';
import { atMostEach } from '../platform/at-most-each.ts';
import type { Handlers } from '../platform/call.ts';
import type { Services } from './types.ts';

const watchInterval = 250;

export function createServicesApi(services: Services): Handlers<typeof contract.services> {
  return {
    connect: (input) => {
      const spec = serviceSpec.parse(input);
      services.connect(spec);
      return { name: spec.name };
    },
    disconnect: async ({ name }) => {
      await services.disconnect(name);
      return {};
    },
    watch: (_input, call) => atMostEach(watchInterval, services.health.watch(call.signal), call.signal),
  };
}
