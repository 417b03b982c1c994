/** A ring of columns by their absolute number. NaN: no sample in that column. */
export class ColumnStore {
  readonly capacity: number;
  private readonly mask: number;
  private readonly low: Float32Array;
  private readonly high: Float32Array;
  /** Columns held: [start, end). */
  start = 0;
  end = 0;

  /** Holds the newest `capacity` columns, rounded up to a power of two. */
  constructor(capacity: number) {
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.mask = this.capacity - 1;
    this.low = new Float32Array(this.capacity).fill(NaN);
    this.high = new Float32Array(this.capacity).fill(NaN);
  }

  clear(): void {
    this.start = this.end = 0;
  }

  /** Writes columns from `first` on. What lies between them and those held is empty. */
  write(first: number, min: Float32Array, max: Float32Array): void {
    const last = first + min.length;
    if (min.length === 0) return;
    if (this.start === this.end || first >= this.end + this.capacity || last + this.capacity <= this.start)
      this.start = this.end = first;
    this.extend(first, last);
    const from = Math.max(first, this.start);
    for (let column = from; column < last; column++) {
      const slot = this.slot(column);
      this.low[slot] = min[column - first]!;
      this.high[slot] = max[column - first]!;
    }
  }

  /** NaN outside what is held. */
  minAt(column: number): number {
    return column >= this.start && column < this.end ? this.low[this.slot(column)]! : NaN;
  }

  maxAt(column: number): number {
    return column >= this.start && column < this.end ? this.high[this.slot(column)]! : NaN;
  }

  /** Smallest and largest value of columns [from, to), the newest and its column; null when there is none. */
  extent(from: number, to: number): { min: number; max: number; last: number; lastColumn: number } | null {
    let min = Infinity;
    let max = -Infinity;
    let last = NaN;
    let lastColumn = NaN;
    for (let column = Math.max(from, this.start); column < Math.min(to, this.end); column++) {
      const low = this.low[this.slot(column)]!;
      if (Number.isNaN(low)) continue;
      const high = this.high[this.slot(column)]!;
      if (low < min) min = low;
      if (high > max) max = high;
      last = (low + high) / 2;
      lastColumn = column;
    }
    return min <= max ? { min, max, last, lastColumn } : null;
  }

  private extend(first: number, last: number): void {
    if (last > this.end) {
      this.empty(Math.max(this.end, last - this.capacity), last);
      this.end = last;
      this.start = Math.max(this.start, last - this.capacity);
    }
    if (first < this.start) {
      const start = Math.max(first, this.end - this.capacity);
      this.empty(start, this.start);
      this.start = start;
    }
  }

  private empty(from: number, to: number): void {
    for (let column = from; column < to; column++)
      this.low[this.slot(column)] = this.high[this.slot(column)] = NaN;
  }

  /** Column numbers pass 2^32 at fine zooms: a remainder, not a mask of 32 bits. */
  private slot(column: number): number {
    return (column % this.capacity) & this.mask;
  }
}
