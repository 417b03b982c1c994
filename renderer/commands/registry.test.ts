import { describe, expect, it } from 'vitest';
import { createRegistry, findCommands, type Command } from './registry.ts';

const titles = ['Show the evidence', 'Keep the last 10 s as evidence', 'Evidence by name', 'Show the rig'];
const commands = titles.map((title): Command => ({ id: title, title, run: () => undefined }));
const found = (query: string) => findCommands(commands, query).map(({ title }) => title);

describe('finding a command', () => {
  it('takes what starts with the words, then what they are the larger part of', () => {
    expect(found('evidence')).toEqual([titles[2], titles[0], titles[1]]);
    expect(found('SHOW rig')).toEqual([titles[3]]);
    expect(found('no such')).toEqual([]);
    expect(found('')).toEqual([...titles].sort());
  });
});

describe('the registry', () => {
  it('has one command of an id, the last, and runs it unless something speaks against it', () => {
    const registry = createRegistry();
    const ran: string[] = [];
    const command = (name: string, reason: string | null): Command => ({
      id: 'x',
      title: name,
      run: () => ran.push(name),
      whyNot: () => reason,
    });
    registry.add([command('first', null)]);
    const remove = registry.add([command('second', null)]);
    expect(registry.all().length).toBe(1);
    expect(registry.run('x')).toBeNull();
    remove();
    expect(registry.run('x')).toMatch(/no command/);
    registry.add([command('third', 'Not now.')]);
    expect(registry.run('x')).toBe('Not now.');
    expect(ran).toEqual(['second']);
  });
});
