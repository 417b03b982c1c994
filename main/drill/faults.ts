import type { RigFault } from '../../common/contract/drill.ts';
import { WarroomError } from '../../common/lib/errors.ts';

/** A fault that the rig can show while it runs. `targets`: what it can be aimed at; the first is the default. */
interface FaultKind {
  name: string;
  title: string;
  targets: readonly string[];
}

const faultKinds: readonly FaultKind[] = [
  { name: 'unplug', title: 'Unplug a sensor', targets: ['cell-a', 'cell-b', 'beam'] },
  { name: 'saturated', title: 'Load cell saturated (bridge wire open)', targets: ['cell-a', 'cell-b'] },
  { name: 'service-slow', title: 'A service answers late', targets: ['cv', 'llm', 'dashboard', 'table'] },
  { name: 'service-down', title: 'A service is down', targets: ['cv', 'llm', 'dashboard', 'table'] },
];

/** The fault and target that a request means. Throws `not-found` or `bad-input` with what there is. */
export function resolveFault(name: string, target: string | undefined): { kind: FaultKind; target: string } {
  const kind = faultKinds.find((candidate) => candidate.name === name);
  if (!kind)
    throw new WarroomError(
      'not-found',
      `The rig has no fault "${name}".`,
      `It has: ${faultKinds.map((k) => k.name).join(', ')}.`,
    );
  const aim = target ?? kind.targets[0]!;
  if (!kind.targets.includes(aim))
    throw new WarroomError(
      'bad-input',
      `The fault ${name} can't be aimed at "${aim}".`,
      `Aim it at one of: ${kind.targets.join(', ')}.`,
    );
  return { kind, target: aim };
}

/** The list as the room shows it. `active` maps a fault's name to its target. */
export function listFaults(active: ReadonlyMap<string, string>): RigFault[] {
  return faultKinds.map(({ name, title, targets }) => ({
    name,
    title,
    targets: [...targets],
    on: active.has(name),
    target: active.get(name) ?? null,
  }));
}
