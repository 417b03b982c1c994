import { stringify } from 'yaml';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { serviceSpecs } from './service-specs.ts';

/** The virtual rig as a profile (YAML): what the checks of a drill look at. */
export function rigProfile(rig: {
  devices: DeviceSpec[];
  services: { name: string; url: string }[];
}): string {
  return stringify({
    name: 'virtual-rig',
    description: 'The line of a drill: two load cells, a beam, vision, a scorer, a dashboard and a table.',
    devices: rig.devices,
    services: serviceSpecs(rig.services),
  });
}
