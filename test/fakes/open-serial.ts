/** Started by open-as.ts: opens the port that its argument names, and prints what it is told. */
import type { WarroomError } from '../../common/lib/errors.ts';
import { openLink } from '../../native/device-host/open-link.ts';

const path = process.argv[2]!;
try {
  const events = { onData: () => undefined, onClose: () => undefined };
  const link = await openLink({ by: 'path', path, baud: 9600 }, events);
  await link.close();
  process.stdout.write(JSON.stringify({ code: 'opened', message: '', hint: '' }));
} catch (error) {
  const { code, message, hint } = error as WarroomError;
  process.stdout.write(JSON.stringify({ code, message, hint }));
}
