import { roles, type Role } from '../../common/incident/roles.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { dial } from '../remote/dial.ts';

export interface OpenOptions {
  data: string;
  role?: string;
}

/** `warroom open`: prints a link into the running room. Without a role it is for the host's own seat. */
export async function openLink({ data, role }: OpenOptions): Promise<void> {
  if (role !== undefined && !isRole(role))
    throw new WarroomError('bad-input', `There is no role "${role}".`, `Choose one of: ${roles.join(', ')}.`);
  const room = await dial(data);
  try {
    const { url } = await room.client.incident.invite(role ? { role } : {});
    process.stdout.write(`${url}\n`);
  } finally {
    room.close();
  }
}

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);
