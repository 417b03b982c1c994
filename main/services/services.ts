import type { ServiceHealth } from '../../common/contract/services.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createListeners } from '../../common/lib/listeners.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import { channelsOf } from './columns.ts';
import { createService, type Service } from './service.ts';
import type { ServiceLinkEvent, Services, ServicesDeps } from './types.ts';

export function createServices({ platform }: ServicesDeps): Services {
  const running = new Map<string, Service>();
  const stopped = new Map<string, ServiceHealth>();
  /** Numbers of the next blocks, by channel: they go on when a service is connected again. */
  const seqs = new Map<string, number>();
  const health = createWatchable<ServiceHealth[]>([]);
  const channels = createListeners<{ service: string; channels: ChannelInfo[] }>();
  const blocks = createListeners<SampleBlock[]>();
  const links = createListeners<ServiceLinkEvent>();

  const changed = () =>
    health.set([...[...running.values()].map((service) => service.health()), ...stopped.values()]);

  return {
    connect(spec) {
      if (running.has(spec.name))
        throw new WarroomError(
          'taken',
          `There is a service ${spec.name} already.`,
          'Disconnect it first, or choose another name.',
        );
      const own = channelsOf(spec);
      channels.tell({ service: spec.name, channels: own });
      const service = createService(spec, seqs, {
        now: () => platform.clock.now(),
        samples: blocks.tell,
        link: (state, at, reason) =>
          links.tell({
            device: spec.name,
            kind: 'service',
            name: spec.name,
            link: spec.url,
            channels: own,
            state,
            at,
            reason,
          }),
        changed,
      });
      stopped.delete(spec.name);
      running.set(spec.name, service);
      changed();
    },
    async disconnect(name) {
      const service = running.get(name);
      if (!service) throw new WarroomError('not-found', `No service ${name} is connected.`);
      await service.stop();
      if (running.get(name) !== service) return;
      running.delete(name);
      stopped.set(name, service.health());
      changed();
    },
    list: () => [...running.values()].map(({ spec }) => spec),
    health,
    onChannels: (listener) => channels.add(({ service, channels: added }) => listener(service, added)),
    onBlocks: blocks.add,
    onLink: links.add,
    close: async () => {
      await Promise.all([...running.values()].map((service) => service.stop()));
      running.clear();
    },
  };
}
