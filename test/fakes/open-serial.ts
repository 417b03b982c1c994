/** Started by open-as.ts: opens each port that its arguments name, and prints what it is told. */
import type { WarroomError } from '../../common/lib/errors.ts';
import { openLink } from '../../native/device-host/open-link.ts';
import type { Told } from './open-as.ts';

async function open(path: string): Promise<Told> {
  const events = { onData: () => undefined, onClose: () => undefined };
  try {
    const link = await openLink({ by: 'path', path, baud: 9600 }, events);
    await link.close();
    return { code: 'opened', message: '', hint: '' };
  } catch (error) {
    const { code, message, hint } = error as WarroomError;
    return { code, message, hint };
  }
}

const told: Told[] = [];
for (const path of process.argv.slice(2)) told.push(await open(path));
process.stdout.write(JSON.stringify(told));
