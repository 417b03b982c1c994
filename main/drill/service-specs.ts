import { serviceSpec, type ServiceSpec } from '../../common/contract/services.ts';

/** What a room watches of the rig's services, by their names. */
const watched: Record<string, Omit<Partial<ServiceSpec>, 'name' | 'url'>> = {
  cv: {
    expectedMs: 80,
    answers: {
      by: 'poll',
      path: '/detections',
      items: 'items',
      at: 'at',
      since: { query: 'since', field: 'part' },
    },
    columns: [
      { column: 'confidence', name: 'confidence', unit: '', field: 'confidence' },
      { column: 'latency', name: 'latency', unit: 'ms', field: 'latency_ms' },
    ],
  },
  llm: {
    expectedMs: 300,
    answers: {
      by: 'poll',
      path: '/scores',
      items: 'items',
      at: 'at',
      since: { query: 'since', field: 'part' },
    },
    columns: [{ column: 'score', name: 'score', unit: '', field: 'score' }],
  },
  dashboard: {},
  table: {},
};

/** How the room watches the rig's services. */
export function serviceSpecs(services: { name: string; url: string }[]): ServiceSpec[] {
  return services.map(({ name, url }) => serviceSpec.parse({ name, url, ...watched[name] }));
}
