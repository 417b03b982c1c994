import { parseArgs } from 'node:util';
import { WarroomError } from '../../../common/lib/errors.ts';

export interface DesktopFlags {
  drill: boolean;
  data: string | null;
  port: number;
}

/** The door for browsers of the desktop app takes the same port as `warroom serve`. */
export const defaultPort = 7326;

/** Reads the flags after the program's own arguments. Chromium's switches beside them are left to it. */
export function readDesktopFlags(args: readonly string[]): DesktopFlags {
  const options = { drill: { type: 'boolean' }, data: { type: 'string' }, port: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: false });
  const port = typeof values.port === 'string' ? Number(values.port) : defaultPort;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new WarroomError(
      'bad-input',
      '--port must be a whole number from 0 to 65535.',
      'Start again with such a number.',
    );
  const data = typeof values.data === 'string' && values.data !== '' ? values.data : null;
  return { drill: values.drill === true, data, port };
}
