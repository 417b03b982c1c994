import { asciiText, isPrintable } from './ascii.ts';
import { createNamedColumns } from './named-columns.ts';
import type { Dialect } from './types.ts';

/** `RAM 775/7620MB`, `IRAM 0/252kB`: used of all. */
const memory = /^(\d{1,9})\/(\d{1,9})(MB|kB)$/;
/** `3%@3199`, `12%@[1300,1300]`, `0%`: of the current clock, in MHz. */
const load = /^(\d{1,3})%(?:@\[?(\d{1,5}).*)?$/;
/** `4761mW/4778mW`, `5139mW/5139mW/5139mW`, `933/933`: now, average and what newer ones add. */
const power = /^(\d{1,7})(?:mW)?(?:\/\d{1,7}(?:mW)?){1,2}$/;
/** `cpu@48.468C`, `cpu@52.968C/52.968C`: now and average. */
const temperature = /^([A-Za-z][\w.-]{0,30})@(-?\d{1,3}(?:\.\d{1,6})?)C(?:\/-?[\d.]{1,10}C)?$/;
const cores = /^\[((?:off|\d{1,3}%(?:@\d{1,5})?)(?:,(?:off|\d{1,3}%(?:@\d{1,5})?))*)\]$/;
const keyword = /^[A-Z][A-Z0-9_]{1,30}$/;
const alarm = /soctherm: OC ALARM/;

/** A sensor that is off says this. */
const sensorOff = -256;
/** Not measured: the driver always says 100. */
const constantSensor = 'PMIC';

/** What a token said, until the whole line is known to be one. */
interface Found {
  column: string;
  title: string;
  unit: string;
  value: number;
}

/**
 * `tegrastats` of an NVIDIA Jetson, one line an interval. Read by token, never by position: what stands in a line differs
 * from board to board and from release to release, and what is not known is passed over. A line has at least `RAM`.
 * Columns are named as the tokens are, in small letters: `ram`, `cpu0`, `gr3d`, `temp-cpu`, `vdd_in`; one is a column from
 * the second line on that has it. The clock time at the start of a line has whole seconds of a zone unknown here, and is
 * not used. The kernel's line about over-current is a remark.
 */
export function createTegrastats(): Dialect {
  const names = createNamedColumns(2);
  let found: Found[] = [];

  function note(column: string, title: string, unit: string, value: number): void {
    found.push({ column, title, unit, value });
  }

  function readCores(list: string): void {
    let fastest = -1;
    list.split(',').forEach((core, index) => {
      const [, percent, clock] = load.exec(core) ?? [];
      notePercent(`cpu${index}`, `CPU ${index}`, percent);
      fastest = Math.max(fastest, Number(clock ?? -1));
    });
    if (fastest >= 0) note('cpu-clock', 'CPU clock', 'MHz', fastest);
  }

  function notePercent(column: string, title: string, percent: string | undefined): void {
    if (percent !== undefined && Number(percent) <= 100) note(column, title, '%', Number(percent));
  }

  function readTemperature(token: string): void {
    const [, sensor, degrees] = temperature.exec(token) ?? [];
    const value = Number(degrees);
    if (!sensor || sensor === constantSensor || value <= sensorOff) return;
    note(`temp-${sensor.toLowerCase()}`, `${sensor} temperature`, '°C', value);
  }

  /** A keyword and the token after it. */
  function readPair(key: string, token: string): void {
    const column = key.toLowerCase().replace(/_freq$/, '');
    const [, used, , memoryUnit] = memory.exec(token) ?? [];
    const [, percent, clock] = load.exec(token) ?? [];
    const [, now] = power.exec(token) ?? [];
    const [, list] = cores.exec(token) ?? [];
    if (used) note(column, key, memoryUnit!, Number(used));
    else if (list) readCores(list);
    else if (now) note(column, key, 'mW', Number(now));
    else if (percent) {
      notePercent(column, key, percent);
      if (key === 'GR3D_FREQ' && clock) note('gr3d-clock', 'GR3D clock', 'MHz', Number(clock));
    }
  }

  return {
    name: 'tegrastats',
    columns: names.columns,
    ends: 'line',
    maxLineBytes: 2048,
    parse(line, out) {
      if (!isPrintable(line)) return false;
      const text = asciiText(line);
      if (alarm.test(text)) {
        out.remark(text.trim().slice(0, 200), 'warning');
        return true;
      }
      found = [];
      const tokens = text.split(/\s+/);
      tokens.forEach((token, index) => {
        if (keyword.test(token)) readPair(token, tokens[index + 1] ?? '');
        else if (token.includes('@')) readTemperature(token);
      });
      if (!found.some(({ column }) => column === 'ram')) return false;
      put(out.moment, out.add);
      return true;
    },
  };

  function put(moment: (deviceTime: number) => void, add: (column: number, value: number) => void): void {
    names.beginLine();
    const filled = new Set<number>();
    for (const { column, title, unit, value } of found) {
      const index = names.notice(column, title, unit);
      // The same token twice: the first holds. With another unit it is damaged.
      if (index < 0 || filled.has(index) || names.columns[index]!.unit !== unit) continue;
      if (filled.size === 0) moment(NaN);
      filled.add(index);
      add(index, value);
    }
  }
}
