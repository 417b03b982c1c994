import type { ProfileShape } from './shape.ts';

/** One mistake in how parts fit together. */
export interface Misfit {
  path: (string | number)[];
  message: string;
}

/** Channels of the room's own are called so: `math/total`, `count/parts`. */
const ownNames = ['math', 'count'];

/** Names given twice within one part, and devices and services whose channels would have the same names. */
export function doubles(profile: ProfileShape): Misfit[] {
  const { devices, channels, services, tables, layers, agents, claims, golden, fingerprints } = profile;
  const named = { services, tables, layers, agents, claims, golden, fingerprints };
  const ids = devices.map(({ id }) => id);
  return [
    ...twice(['devices'], 'id', devices),
    ...twice(['channels'], 'id', channels),
    ...Object.entries(named).flatMap(([part, list]) => twice<'name'>([part], 'name', list)),
    ...services.flatMap(({ paths }, index) => twice(['services', index, 'paths'], 'path', paths)),
    ...ids.flatMap((id, index) => reserved(['devices', index, 'id'], id, ownNames)),
    ...services.flatMap(({ name }, index) =>
      reserved(['services', index, 'name'], name, [...ownNames, ...ids]),
    ),
  ];
}

function twice<Member extends string>(
  part: Misfit['path'],
  member: Member,
  list: readonly Record<Member, string>[],
): Misfit[] {
  const names = list.map((each) => each[member]);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: [...part, index, member], message: `"${name}" is used twice` }],
  );
}

function reserved(path: Misfit['path'], name: string, taken: string[]): Misfit[] {
  if (!taken.includes(name)) return [];
  const whose = ownNames.includes(name) ? 'channels of the room' : 'a device';
  return [{ path, message: `"${name}" is the name of ${whose}: their channels would be called the same` }];
}
