/** Parts of a profile that don't fit together: a name given twice, a source that is named and not there. */
import { channelMisfits } from './misfits-channels.ts';
import { doubles, type Misfit } from './misfits-names.ts';
import { claimMisfits, fingerprintMisfits } from './misfits-readings.ts';
import { layerMisfits } from './misfits-layers.ts';
import type { ProfileShape } from './shape.ts';

export type { Misfit } from './misfits-names.ts';

/** All of them. */
export function misfitsOf(profile: ProfileShape): Misfit[] {
  return [
    ...doubles(profile),
    ...channelMisfits(profile),
    ...layerMisfits(profile),
    ...claimMisfits(profile),
    ...fingerprintMisfits(profile),
    ...serviceMisfits(profile),
  ];
}

/** What names a service and finds none. */
function serviceMisfits({ services, agents, golden }: ProfileShape): Misfit[] {
  const names = services.map(({ name }) => name);
  const of = (part: string, list: { service?: string | undefined }[]) =>
    list.flatMap(({ service }, index): Misfit[] =>
      service === undefined || names.includes(service)
        ? []
        : [{ path: [part, index, 'service'], message: `There is no service "${service}".` }],
    );
  return [...of('agents', agents), ...of('golden', golden)];
}
