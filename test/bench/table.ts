import type { Bar, Figure } from './types.ts';

/** A figure with what it was held to. */
export interface Row extends Figure {
  bench: string;
  bar: Bar | undefined;
}

/** True when the figure reaches its bar, or has none. */
export function reaches({ value, bar }: Pick<Row, 'value' | 'bar'>): boolean {
  return value >= (bar?.min ?? -Infinity) && value <= (bar?.max ?? Infinity);
}

function barText(bar: Bar | undefined): string {
  const parts = [];
  if (bar?.min !== undefined) parts.push(`≥ ${bar.min}`);
  if (bar?.max !== undefined) parts.push(`≤ ${bar.max}`);
  return parts.join(' ');
}

/** Four significant digits: what a bench on a shared machine can mean. */
function valueText(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000
    ? value.toFixed(0)
    : String(Number(value.toPrecision(4)));
}

/** The figures as lines of a table with aligned columns. */
export function tableLines(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => [
    row.bench,
    row.metric,
    valueText(row.value),
    row.unit,
    barText(row.bar),
    row.bar === undefined ? '' : reaches(row) ? 'ok' : 'short',
  ]);
  const all = [['bench', 'metric', 'value', 'unit', 'bar', ''], ...cells];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
