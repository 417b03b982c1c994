import { expect, test } from 'vitest';
import { keysOf, type KeyPress } from './keys.ts';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test.each([
  ['¡', 'Digit1', 'Alt+1'],
  ['º', 'Digit0', 'Alt+0'],
  ['˙', 'KeyH', 'Alt+H'],
  // Option and E wait for the letter that takes the accent.
  ['Dead', 'KeyE', 'Alt+E'],
])('Option that makes %s of %s is %s', (key, code, keys) => {
  expect(keysOf(press(key, code, { altKey: true }), true)).toBe(keys);
});

test('with Alt, a letter is the one that the layout has there', () => {
  // Where H is on a Dvorak keyboard.
  expect(keysOf(press('h', 'KeyJ', { altKey: true }), false)).toBe('Alt+H');
  expect(keysOf(press('&', 'Digit1', { altKey: true }), false)).toBe('Alt+1');
});

test('without Alt, what was typed counts', () => {
  expect(keysOf(press('˙', 'KeyH'), true)).toBe('˙');
  expect(keysOf(press('?', 'Slash', { shiftKey: true }), false)).toBe('?');
});

test('Mod is Ctrl, or the command key on a Mac', () => {
  expect(keysOf(press('k', 'KeyK', { ctrlKey: true }), false)).toBe('Mod+K');
  expect(keysOf(press('k', 'KeyK', { metaKey: true }), true)).toBe('Mod+K');
  expect(keysOf(press('k', 'KeyK', { ctrlKey: true }), true)).toBe('K');
});

test('a key with a name keeps it', () => {
  expect(keysOf(press('F6', 'F6', { shiftKey: true }), false)).toBe('Shift+F6');
  expect(keysOf(press('ArrowLeft', 'ArrowLeft', { altKey: true }), false)).toBe('Alt+ArrowLeft');
});
