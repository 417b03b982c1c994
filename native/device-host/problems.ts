import { messageOf, WarroomError } from '../../common/lib/errors.ts';

/** serialport's errors carry no codes, only the system's text: these are its texts on Linux, macOS and Windows. */
const patterns: {
  pattern: RegExp;
  make: (path: string, platform: string) => [WarroomError['code'], string, string];
}[] = [
  {
    // Windows says "Access denied" for a port that another program holds.
    pattern: /cannot lock port|resource busy|EBUSY|access (is )?denied/i,
    make: (path, platform) => [
      'taken',
      `${path} is in use by another program.`,
      platform === 'win32'
        ? 'Close the program that has it open (a serial monitor, an IDE). It is tried again by itself.'
        : `Close the program that has it open (\`sudo fuser -v ${path}\` names it). It is tried again by itself.`,
    ],
  },
  {
    pattern: /permission denied|EACCES|EPERM|operation not permitted/i,
    make: (path, platform) => [
      'denied',
      `This user may not open ${path}.`,
      platform === 'linux'
        ? 'Run `sudo usermod -aG dialout $USER`, then log in again.'
        : 'Give this user the right to open it. It is tried again by itself.',
    ],
  },
  {
    pattern: /no such (file|device)|file not found|ENOENT|ENXIO|ENODEV/i,
    make: (path) => [
      'not-found',
      `There is no ${path}.`,
      'Plug the device in or choose another port. It is tried again by itself.',
    ],
  },
  {
    pattern: /inappropriate ioctl|is a directory|not a (typewriter|tty)|invalid argument/i,
    make: (path) => ['bad-input', `${path} is not a serial port.`, 'Choose another path.'],
  },
];

/** What opening `path` failed with, as a person can use it. */
export function serialProblem(
  error: unknown,
  path: string,
  platform: string = process.platform,
): WarroomError {
  if (error instanceof WarroomError) return error;
  const text = messageOf(error);
  const known = patterns.find(({ pattern }) => pattern.test(text));
  if (!known)
    return new WarroomError(
      'unavailable',
      `${path} could not be opened: ${text}`,
      'Unplug the device and plug it in again.',
    );
  const [code, message, hint] = known.make(path, platform);
  return new WarroomError(code, message, hint, { system: text });
}

/** For a write to a link that is gone. Queued bytes would be sent to whatever is opened next. */
export function notOpen(name: string): WarroomError {
  return new WarroomError(
    'unavailable',
    `${name} is not open, nothing was sent.`,
    'Wait until the device is connected again.',
  );
}
