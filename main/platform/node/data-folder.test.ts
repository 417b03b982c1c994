import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from './data-folder.ts';

describe('the data folder', () => {
  it("is the one that the environment names, before the system's own", () => {
    expect(defaultDataFolder({ WARROOM_DATA: '/d', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/d');
  });

  it("is in the system's folder for user data", () => {
    expect(defaultDataFolder({ XDG_DATA_HOME: '/x' }, 'linux')).toBe(join('/x', 'warroom'));
    expect(defaultDataFolder({}, 'linux')).toBe(join(homedir(), '.local', 'share', 'warroom'));
    expect(defaultDataFolder({}, 'darwin')).toBe(
      join(homedir(), 'Library', 'Application Support', 'warroom'),
    );
    expect(defaultDataFolder({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'warroom'));
    expect(defaultDataFolder({}, 'win32')).toBe(join(homedir(), 'AppData', 'Roaming', 'warroom'));
  });

  it('never depends on where the program was started', () => {
    // The XDG specification: a value that is empty or relative is ignored.
    for (const XDG_DATA_HOME of ['', 'relative'])
      expect(defaultDataFolder({ XDG_DATA_HOME }, 'linux')).toBe(
        join(homedir(), '.local', 'share', 'warroom'),
      );
    expect(defaultDataFolder({ APPDATA: '' }, 'win32')).toBe(
      join(homedir(), 'AppData', 'Roaming', 'warroom'),
    );
  });
});
