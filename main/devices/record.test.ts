import { expect, test } from 'vitest';
import { addColumns, createRecord } from './record.ts';

const link = { by: 'tcp', host: '127.0.0.1', port: 9 } as const;
const namesOf = (dialect: 'beam-events' | 'hx711-csv' | 'csv') =>
  createRecord({ id: 'x', name: 'IR beam', dialect, link }, undefined).channels.map(({ name }) => name);

test('the one signal of a device is called as the device is; several are told apart', () => {
  expect(namesOf('beam-events')).toEqual(['IR beam']);
  expect(namesOf('hx711-csv')).toEqual(['IR beam Raw', 'IR beam Weight']);
});

test('a column that the lines tell keeps its own name: others may follow', () => {
  const record = createRecord({ id: 'x', name: 'Board', dialect: 'csv', link }, undefined);
  addColumns(record, [{ column: 'c1', name: 'Column 1', unit: '', kind: 'linear' }]);
  expect(record.channels).toEqual([{ id: 'x/c1', name: 'Board Column 1', unit: '', kind: 'linear' }]);
});
