import { utf8 } from '../../../../common/lib/bytes.ts';
import type { DeviceHealth } from '../../../../common/contract/devices.ts';
import type { ProfileDevice } from '../../../../common/profile/index.ts';
import type { Check, Found } from '../../check.ts';

/** Whether a device speaks the dialect, with the columns, that the profile says. */
export const deviceFormCheck: Check = {
  id: 'schema.device',
  rung: 4,
  title: 'Device speaks as the profile says',
  effect: 'none',
  subjects: ({ devices }) => devices.map(({ id }) => id),
  run(subject, context) {
    const said = context.profile.devices.find(({ id }) => id === subject)!;
    const device = context.devices().find(({ id }) => id === subject);
    if (!device || device.state !== 'connected')
      return Promise.resolve({
        result: 'unknown',
        says: `${subject} is not heard, so nothing can be told of its form.`,
        next: 'Connect it under Devices, then run this again.',
        explainedBy: `tools.device ${subject}`,
      });
    const text = JSON.stringify({ profile: said, device }, null, 2);
    const evidence = [{ name: `${subject}-form.json`, media: 'application/json', bytes: utf8(text) }];
    return Promise.resolve({ ...verdict(said, device), evidence });
  },
};

function verdict(said: ProfileDevice, { dialect, channels, spec }: DeviceHealth): Found {
  const wrong: string[] = [];
  if (dialect !== said.dialect) wrong.push(`it is read as ${dialect}, where ${said.dialect} is said`);
  for (const name of ['decimal', 'activeLow', 'offsetBinary'] as const) {
    const [want, is] = [said.options?.[name], spec.options?.[name]];
    if (want !== undefined && is !== want) wrong.push(`${name} is ${String(is)}, where ${want} is said`);
  }
  for (const { column, unit } of said.columns) {
    const channel = channels.find(({ id }) => id === `${said.id}/${column}`);
    if (!channel) wrong.push(`column ${column} is not there`);
    else if (unit !== undefined && channel.unit !== '' && channel.unit !== unit)
      wrong.push(`${column} is in ${channel.unit}, where ${unit} is said`);
  }
  if (wrong.length > 0)
    return {
      result: 'fail',
      says: `${said.id}: ${wrong.join('; ')}.`,
      next: 'Look at its raw bytes: mend the profile, or put its firmware back.',
    };
  return {
    result: 'pass',
    says: `${said.id} is read as ${dialect} with ${channels.length} columns, as the profile says.`,
    rulesOut: `That ${said.id} is read in another form than the profile says.`,
  };
}
