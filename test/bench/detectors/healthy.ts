/** Hours of a line that has no fault, so that each dialect is heard for as many. */
import { rigBeamDialects, rigCellDialects } from '../../../common/contract/rig-dialects.ts';
import type { HealthyCase } from './cases.ts';

const pairs = rigCellDialects.length / 2;
/** Seeds of healthy lines are none of the faulty ones. */
const firstSeed = 5_000;

/** At 80 and at 10 samples a second, each dialect of the cells for `hours`; the beam's dialects in turn. */
export function healthyCases(hours: number): HealthyCase[] {
  let seed = firstSeed;
  return ([80, 10] as const).flatMap((rate) =>
    Array.from({ length: pairs }, (_, pair) =>
      Array.from({ length: hours }, (_hour, hour): HealthyCase => ({
        seed: seed++,
        seconds: 3_600,
        rate,
        cellA: rigCellDialects[(pair + hour) % pairs]!,
        cellB: rigCellDialects[pairs + pair]!,
        beam: rigBeamDialects[seed % rigBeamDialects.length]!,
      })),
    ).flat(),
  );
}
