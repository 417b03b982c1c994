import type { Line } from '../signal/line.ts';
import { normal, uniform } from '../signal/random.ts';
import { stream } from '../signal/streams.ts';
import type { Board } from './board.ts';

export interface JetsonOptions {
  seed: number;
  line: Line;
  /** Since when it runs, seconds since the rig started. */
  from: number;
  /** Wall time of the rig's start, milliseconds since 1970. */
  startedAt: number;
}

const cores = 6;
const room = 24;
/** Seconds in which the heat sink takes on two thirds of a change. */
const heatSeconds = 90;
/** Degrees above the room for each watt. */
const degreesPerWatt = 3.1;

/**
 * `tegrastats --interval 1000` of an Orin Nano that looks at the parts (SENSORS): load follows the parts in view, power follows
 * load, and temperature follows power slowly.
 */
export function createJetsonBoard({ seed, line, from, startedAt }: JetsonOptions): Board {
  let seconds = 0;
  let watts = 6.5;
  let heat = room + degreesPerWatt * watts;
  let energy = 0;

  /** Share of the second before `time` that a part was in view. */
  function inView(time: number): number {
    let share = 0;
    for (let i = line.countBefore(time) - 1; i >= 0 && line.part(i).offScale > time - 1; i--) {
      const { at, offScale } = line.part(i);
      share += Math.max(0, Math.min(time, offScale) - Math.max(time - 1, at));
    }
    return Math.min(1, share);
  }

  function next(time: number): string {
    const draw = (n: number) => normal(seed, stream.jetson, seconds * 32 + n);
    const busy = inView(time);
    const gpu = percent(22 + 50 * busy + 4 * draw(0));
    const cpu = Array.from({ length: cores }, (_, i) => `${percent(9 + 14 * busy + 3 * draw(2 + i))}%@1510`);
    watts = 5.2 + 0.06 * gpu + 0.15 * draw(1);
    energy += watts;
    heat += (room + degreesPerWatt * watts - heat) / heatSeconds;
    const degrees = (above: number, n: number) => `${(heat + above + 0.1 * draw(n)).toFixed(3)}C`;
    const power = (share: number, extra: number) =>
      `${milli(watts * share + extra)}mW/${milli((energy / seconds) * share + extra)}mW`;
    const ram = 6_100 + Math.round(80 * uniform(seed, stream.jetson, seconds * 32 + 31));
    return [
      dateOf(startedAt + time * 1000),
      `RAM ${ram}/7620MB (lfb 8x2MB) SWAP 851/3810MB (cached 1MB)`,
      `CPU [${cpu.join()}]`,
      `EMC_FREQ ${percent(18 + 0.4 * gpu)}%@2133 GR3D_FREQ ${gpu}%@[621]`,
      'NVDEC off NVJPG off NVJPG1 off VIC off OFA off APE 200',
      `cpu@${degrees(0.6, 10)} soc2@${degrees(-0.9, 11)} soc0@${degrees(-1.2, 12)} gpu@${degrees(0.3, 13)}`,
      `tj@${degrees(0.9, 14)} soc1@${degrees(-0.7, 15)}`,
      `VDD_IN ${power(1, 0)} VDD_CPU_GPU_CV ${power(0.36, 0)} VDD_SOC ${power(0.12, 1.3)}`,
    ].join(' ');
  }

  return {
    dialect: 'tegrastats',
    lineEnd: '\n',
    *lines(time) {
      for (let t = from + seconds + 1; t <= time; t = from + seconds + 1) {
        seconds++;
        yield { t, line: next(t) };
      }
    },
  };
}

const percent = (value: number) => Math.max(0, Math.min(100, Math.round(value)));
const milli = (value: number) => Math.round(value * 1000);

/** As tegrastats prints it: 11-15-2024 08:38:09 */
function dateOf(millis: number): string {
  const [date, time] = new Date(millis).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${month}-${day}-${year} ${time.slice(0, 8)}`;
}
