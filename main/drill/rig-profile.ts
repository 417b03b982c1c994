import { parse, stringify } from 'yaml';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { qcScoring } from '../../common/profile/examples/qc-scoring.ts';
import { dialectOf } from '../../common/wire/index.ts';
import { serviceSpecs } from './service-specs.ts';

interface Example {
  devices: { id: string; kind: string }[];
  services: { name: string; paths: object[] }[];
  channels: { expression?: string }[];
  tables: { key?: object }[];
  claims: { name: string; shows: { by: string; of?: { by: string }[] } }[];
  fingerprints: { parts: Record<string, unknown> }[];
  [part: string]: unknown;
}

/** What each model tells of what it is made of. */
const fingerprints = {
  cv: ['name', 'weights', 'labels', 'preprocessing', 'runtime'],
  llm: ['model', 'prompt'],
};

/**
 * The virtual rig as a profile (YAML): the shipped one of such a line, with the rig's own links and addresses, and without
 * what a rig has not: agents, files and processes of its machine.
 */
export function rigProfile(rig: {
  devices: DeviceSpec[];
  services: { name: string; url: string }[];
}): string {
  const { agents: _, thresholds: _limits, ...line } = parse(qcScoring) as Example;
  const kindOf = (id: string) => line.devices.find((device) => device.id === id)?.kind;
  const areGrams = rig.devices.every(
    ({ id, dialect }) => !id.startsWith('cell-') || hasColumn(dialect, 'weight'),
  );
  const urlOf = (name: string) => rig.services.find((service) => service.name === name)?.url;
  return stringify({
    ...line,
    name: 'virtual-rig',
    description: 'The line of a drill: two load cells, a beam, vision, a scorer, a dashboard and a table.',
    devices: rig.devices.map((device) => ({ ...device, kind: kindOf(device.id) })),
    services: serviceSpecs(rig.services).map((spec) => {
      const own = line.services.find(({ name }) => name === spec.name);
      const isModel = spec.name in fingerprints;
      const paths = [...(own?.paths ?? []), ...(isModel ? [{ path: '/fingerprint' }] : [])];
      return { ...spec, ...own, url: spec.url, paths };
    }),
    channels: line.channels.filter(({ expression }) => expression === undefined || areGrams),
    tables: line.tables.map(({ key: _key, ...table }) => ({ ...table, url: urlOf('table') })),
    claims: line.claims
      .filter(({ shows }) => shows.by !== 'process')
      .map(({ shows, ...claim }) => ({
        ...claim,
        shows: shows.of ? { ...shows, of: shows.of.filter(({ by }) => by !== 'process') } : shows,
      })),
    fingerprints: Object.entries(fingerprints).map(([service, parts]) => ({
      name: service,
      parts: Object.fromEntries(parts.map((field) => [field, byItsWord(service, field)])),
    })),
  });
}

const hasColumn = (dialect: DeviceSpec['dialect'], name: string) => {
  const { columns } = dialectOf(dialect);
  return columns.length === 0 || columns.some(({ column }) => column === name);
};

const byItsWord = (service: string, field: string) => ({
  read: { by: 'http', service, path: '/fingerprint', field },
});
