/** What the ladder is tried on: each fault of the rig, and healthy rigs. */
import type { Rung } from '../../../common/ledger/types.ts';
import type { ActiveFault, Severity } from '../../../main/drill/signal/faults.ts';
import { systemFaults, type ServiceName } from '../../../main/drill/system/index.ts';

export interface Case {
  /** As `clock-skew cv`; `healthy`. */
  name: string;
  seed: number;
  /** Of the ladder; null: nothing is wrong. */
  rung: Rung | null;
  /** Of what stands behind the sensors, by its name. */
  system?: { name: string; target: ServiceName };
  sensor?: Pick<ActiveFault, 'name' | 'severity'> & { target: string };
  service?: { name: 'service-down' | 'service-slow'; target: ServiceName; severity?: Severity };
}

const sensors = [
  { name: 'saturated', severity: 'severe', target: 'cell-a' },
  { name: 'quiet', severity: 'severe', target: 'cell-b' },
  { name: 'beam-blind', severity: 'clear', target: 'beam' },
] as const;
const services = [
  { name: 'service-down', target: 'llm' },
  { name: 'service-slow', target: 'cv', severity: 'clear' },
] as const;

/** Every fault at each seed; what can be aimed at several things, at another one with each seed. */
export function faultCases(seeds: readonly number[]): Case[] {
  return seeds.flatMap((seed, turn) => [
    ...systemFaults.map((fault): Case => {
      const target = fault.targets[turn % fault.targets.length]!;
      return { name: fault.name, seed, rung: fault.rung, system: { name: fault.name, target } };
    }),
    ...sensors.map((sensor): Case => ({ name: sensor.name, seed, rung: 3, sensor })),
    ...services.map((service): Case => ({ name: service.name, seed, rung: 3, service })),
  ]);
}

export const healthyCases = (seeds: readonly number[]): Case[] =>
  seeds.map((seed) => ({ name: 'healthy', seed, rung: null }));
