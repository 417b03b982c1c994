import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadProfile } from './load.ts';

const example = readFileSync(new URL('./examples/qc-scoring.yaml', import.meta.url), 'utf8');

describe('a profile', () => {
  it('that is shipped has no mistakes', () => {
    const loaded = loadProfile(example);
    expect(loaded.mistakes).toEqual([]);
    expect(loaded.profile?.devices.map(({ id }) => id)).toEqual(['cell-a', 'cell-b', 'beam', 'jetson']);
  });

  it('lists each mistake with its line', () => {
    const text = [
      'name: x', // 1
      'devices:', // 2
      '  - id: cell-a', // 3
      '    name: A', // 4
      '    dialect: hx711-cvs', // 5
      '    link: { by: path, path: /dev/x, baud: 5 }', // 6
      '  - id: cell-a', // 7
      '    name: B', // 8
      '    dialect: hx711-csv', // 9
      '    link: { by: path, path: /dev/y, baud: 9600 }', // 10
      'services:', // 11
      '  - name: cv', // 12
      '    url: ftp://x', // 13
      'thresholds:', // 14
      '  a.b: { limit: 1 }', // 15
      'colour: blue', // 16
    ].join('\n');
    const { mistakes } = loadProfile(text);
    expect(mistakes.map(({ line, path }) => [line, path])).toEqual([
      [5, 'devices.0.dialect'],
      [6, 'devices.0.link.baud'],
      [13, 'services.0.url'],
      [15, 'thresholds.a.b.reason'],
      [16, 'colour'],
    ]);
  });

  it('has options of a device, and no others', () => {
    const device = (rest: string) =>
      loadProfile(
        `name: x\ndevices:\n  - id: a\n    name: A\n    dialect: beam-level\n    link: { by: tcp, host: h, port: 1 }\n${rest}`,
      );
    const { profile } = device('    options: { activeLow: false, decimal: "," }\n    heartbeat: 30\n');
    expect(profile?.devices[0]).toMatchObject({ options: { activeLow: false, decimal: ',' }, heartbeat: 30 });
    expect(device('    options: { activeHigh: true }\n').mistakes).toEqual([
      { line: 7, path: 'devices.0.options.activeHigh', message: 'There is no "activeHigh" here.' },
    ]);
    expect(device('    heartbeat: -1\n').mistakes[0]?.path).toBe('devices.0.heartbeat');
  });

  it('may not use a name twice', () => {
    const twice = example.replace('id: cell-b', 'id: cell-a');
    expect(loadProfile(twice).mistakes).toEqual([
      { line: 12, path: 'devices.1.id', message: '"cell-a" is used twice' },
      { line: 33, path: 'channels.0.expression', message: 'There is no device or service "cell-b".' },
    ]);
  });

  it.each([
    ['a tab as indentation', 'name: x\ndevices:\n\t- id: a\n', 3],
    ['a key given twice', 'name: x\nname: y\n', 2],
    ['an unclosed bracket', 'name: x\nservices: [\n', 3],
  ])('says where the YAML is broken: %s', (_what, text, line) => {
    const { mistakes } = loadProfile(text);
    expect(mistakes[0]?.line).toBe(line);
  });

  it('that is empty, a list or a bomb is refused, not obeyed', () => {
    expect(loadProfile('').mistakes.length).toBeGreaterThan(0);
    expect(loadProfile('- a\n').mistakes.length).toBeGreaterThan(0);
    const bomb = `a: &a [1,1]\n${Array.from({ length: 20 }, (_, i) => `${'bcdefghijklmnopqrstuv'[i]}: &${'bcdefghijklmnopqrstuv'[i]} [*${'abcdefghijklmnopqrstu'[i]},*${'abcdefghijklmnopqrstu'[i]}]`).join('\n')}\n`;
    expect(loadProfile(bomb).mistakes.length).toBeGreaterThan(0);
  });
});
