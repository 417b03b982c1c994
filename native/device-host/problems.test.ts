import { describe, expect, it } from 'vitest';
import { serialProblem } from './problems.ts';
import type { PathFacts } from './path-facts.ts';

const device: PathFacts = {
  path: '/dev/ttyUSB0',
  platform: 'linux',
  kind: 'device',
  user: 'technician',
  owner: 'root',
  group: { name: 'dialout', mayUse: true, isMember: false },
  holders: [],
  modemManager: false,
  ports: null,
};
const told = (system: string, facts: Partial<PathFacts> = {}) => {
  const { code, message, hint } = serialProblem(new Error(system), { ...device, ...facts });
  return { code, message, hint };
};
const locked = 'Error Resource temporarily unavailable Cannot lock port';
const denied = 'Error: Permission denied, cannot open /dev/ttyUSB0';
const missing = 'Error: No such file or directory, cannot open /dev/ttyUSB0';
const holder = { pid: 4711, name: 'screen', room: null };

describe('a port that can not be opened', () => {
  it.each([
    ['by a program', { holders: [holder] }, 'in use by screen (process 4711).', '`kill 4711`'],
    [
      'by ModemManager',
      { holders: [{ ...holder, name: 'ModemManager' }] },
      'in use by ModemManager (process 4711).',
      '`sudo systemctl stop ModemManager`',
    ],
    [
      'by another room',
      { holders: [{ ...holder, name: 'node', room: 'other' as const }] },
      'in use by another War Room, node (process 4711).',
      '`kill 4711`',
    ],
    [
      'by this room',
      { holders: [{ ...holder, room: 'this' as const }] },
      'This War Room has /dev/ttyUSB0 open already.',
      'Disconnect the other device',
    ],
    ['by who can not be seen', {}, 'in use by another program.', '`sudo fuser -v /dev/ttyUSB0`'],
    [
      'by who can not be seen, where ModemManager runs',
      { modemManager: true },
      'in use by another program.',
      '`sudo systemctl stop ModemManager`',
    ],
    ['on macOS', { platform: 'darwin' }, 'in use by another program.', '`lsof /dev/ttyUSB0`'],
  ])('because it is taken %s is told with what frees it', (_what, facts, message, command) => {
    const problem = told(locked, facts);
    expect(problem.code).toBe('taken');
    expect(problem.message).toContain(message);
    expect(problem.hint).toContain(command);
  });

  it('is taken where the system says busy, or on Windows that access is denied', () => {
    expect(told('Error: Device or resource busy, cannot open /dev/ttyUSB0').code).toBe('taken');
    const windows = told('Opening COM3: Access denied', { path: 'COM3', platform: 'win32', group: null });
    expect(windows).toMatchObject({ code: 'taken', message: 'COM3 is in use by another program.' });
    expect(windows.hint).toContain('serial monitor');
  });

  it.each([
    ['a group that may', {}, '`sudo usermod -a -G dialout "$USER"`, then log out and in again'],
    [
      'a group of another name',
      { group: { name: 'uucp', mayUse: true, isMember: false } },
      '`sudo usermod -a -G uucp "$USER"`',
    ],
    [
      'a group that the user has just joined',
      { group: { name: 'dialout', mayUse: true, isMember: true } },
      'log out and in again, or start War Room from `newgrp dialout`',
    ],
    [
      'a group that may not',
      { group: { name: 'tty', mayUse: false, isMember: false } },
      '`sudo setfacl -m "u:$USER:rw" /dev/ttyUSB0`',
    ],
    [
      'root alone: nobody is sent into that group',
      { group: { name: 'root', mayUse: true, isMember: false } },
      '`sudo setfacl',
    ],
    [
      'a group on macOS',
      { platform: 'darwin', group: { name: 'wheel', mayUse: true, isMember: false } },
      '`sudo dseditgroup -o edit -a "$USER" -t user wheel`',
    ],
  ])('because it is of %s is told with the command', (_what, facts, hint) => {
    const problem = told(denied, facts);
    expect(problem.code).toBe('denied');
    expect(problem.message).toContain('The user technician may not open /dev/ttyUSB0.');
    expect(problem.hint).toContain(hint);
  });

  it('because it is not there is told with the ports that are', () => {
    const facts = { kind: 'missing' as const, owner: null, group: null };
    expect(told(missing, { ...facts, ports: ['/dev/ttyACM0', '/dev/ttyS0'] })).toEqual({
      code: 'not-found',
      message: 'There is no /dev/ttyUSB0.',
      hint: 'The ports just now: /dev/ttyACM0, /dev/ttyS0.',
    });
    expect(told(missing, { ...facts, ports: [] }).hint).toContain('no serial port just now');
    expect(told(missing, facts).hint).toContain('Plug the device in');
    expect(told('Opening COM7: File not found', { ...facts, platform: 'win32', path: 'COM7' }).code).toBe(
      'not-found',
    );
  });

  it('because it is none is told so', () => {
    expect(told('Error: Is a directory, cannot open /dev', { kind: 'folder' }).message).toBe(
      '/dev/ttyUSB0 is a folder, not a port.',
    );
    const capture = told('Inappropriate ioctl', { kind: 'file', path: "/tmp/Kim's.mcap" });
    expect(capture.code).toBe('bad-input');
    expect(capture.hint).toContain(String.raw`warroom replay '/tmp/Kim'\''s.mcap' --link PATH`);
    expect(told('Error: Inappropriate ioctl for device, cannot open').code).toBe('bad-input');
  });

  it('for a reason that is not known is told as the system says it', () => {
    expect(told('Error: Input/output error, cannot open')).toMatchObject({
      code: 'unavailable',
      message: '/dev/ttyUSB0 could not be opened: Error: Input/output error, cannot open',
    });
  });
});
