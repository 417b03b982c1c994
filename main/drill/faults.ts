/** Every fault that the rig can show while it runs: of sensors, of what they hang on, and of what stands behind them. */
import type { RigFault } from '../../common/contract/drill.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { severities, type Severity } from './signal/faults.ts';
import { sensorFaults } from './signal/sensor-faults.ts';
import { serviceNames, systemFaults } from './system/index.ts';

/** What the room shows of a fault, but for whether it is on. */
export type FaultKind = Pick<RigFault, 'name' | 'title' | 'group' | 'targets' | 'severities'>;

/** A fault aimed at something. `severity` is null for one that has no degrees. */
export interface Aim {
  target: string;
  severity: Severity | null;
}

/** How long a slow service takes, in milliseconds: more than is usual, as long as one waits for it, longer. */
export const slowMs: Record<Severity, number> = { slight: 700, clear: 2_500, severe: 10_000 };

/** Where the room shows the faults behind the sensors, by the rung that they are of. */
const systemGroups = { 1: 'parts', 2: 'parts', 3: 'services', 4: 'forms', 5: 'models' } as const;

/** All faults of a rig with these ports, group by group. */
export function faultKinds(ports: readonly string[]): FaultKind[] {
  const sensors = sensorFaults.map(({ name, title, targets }): FaultKind => {
    const group = name === 'quiet' ? 'link' : name.startsWith('beam-') ? 'beam' : 'cells';
    return { name, title, group, targets: [...targets], severities: [...severities] };
  });
  const of = (group: FaultKind['group']) => sensors.filter((kind) => kind.group === group);
  return [
    ...of('cells'),
    ...of('beam'),
    ...of('link'),
    { name: 'unplug', title: 'Unplug a sensor', group: 'link', targets: [...ports], severities: [] },
    {
      name: 'service-slow',
      title: 'A service answers late',
      group: 'services',
      targets: [...serviceNames],
      severities: [...severities],
    },
    {
      name: 'service-down',
      title: 'A service is down',
      group: 'services',
      targets: [...serviceNames],
      severities: [],
    },
    ...systemFaults.map(({ name, title, rung, targets }): FaultKind => ({
      name,
      title,
      group: systemGroups[rung],
      targets: [...targets],
      severities: [],
    })),
  ];
}

/** The fault that a request means, aimed. Throws `not-found` or `bad-input` with what there is. */
export function resolveFault(
  kinds: readonly FaultKind[],
  name: string,
  wanted: { target?: string | undefined; severity?: Severity | undefined },
): Aim {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (!kind)
    throw new WarroomError(
      'not-found',
      `The rig has no fault "${name}".`,
      `It has: ${kinds.map((k) => k.name).join(', ')}.`,
    );
  const target = wanted.target ?? kind.targets[0]!;
  if (!kind.targets.includes(target))
    throw new WarroomError(
      'bad-input',
      `The fault ${name} can't be aimed at "${target}".`,
      `Aim it at one of: ${kind.targets.join(', ')}.`,
    );
  if (kind.severities.length > 0) return { target, severity: wanted.severity ?? 'clear' };
  if (wanted.severity !== undefined)
    throw new WarroomError('bad-input', `The fault ${name} has no degrees.`, 'Switch it without a severity.');
  return { target, severity: null };
}

/** The list as the room shows it. `active`: what is on, by name. */
export function listFaults(kinds: readonly FaultKind[], active: ReadonlyMap<string, Aim>): RigFault[] {
  return kinds.map((kind) => {
    const { target, severity } = active.get(kind.name) ?? { target: null, severity: null };
    return { ...kind, on: target !== null, target, severity };
  });
}
