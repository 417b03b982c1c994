import type { contract } from '../../common/contract/index.ts';
import { atMostEach } from '../platform/at-most-each.ts';
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
    probe: ({ link }, call) => devices.probe(link, call.signal),
    openRaw: ({ id }, call) => ({ stream: devices.openRaw(id, () => call.openStream()) }),
    watch: (_input, call) => atMostEach(watchInterval, devices.health.watch(call.signal), call.signal),
  };
}
