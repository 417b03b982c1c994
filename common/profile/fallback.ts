import { stringify } from 'yaml';
import type { State } from '../incident/state.ts';

/** The profile of an incident that was declared without one: a name, and as comments what was connected. */
export function profileOfState(state: State): string {
  const devices = Object.values(state.devices).map(
    ({ device, name, kind, link }) =>
      `# device ${device}: ${[name, kind, link].join(', ').replaceAll(/\s+/g, ' ')}\n`,
  );
  const head = '# No profile was chosen for this incident. What was connected:\n';
  return `${head}${devices.join('')}${stringify({ name: state.incident?.drill ? 'virtual-rig' : 'unnamed' })}`;
}
