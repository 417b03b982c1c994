import { rigMakeup, type RigMakeup } from '../../common/contract/drill.ts';
import { faultSeverity } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';

/** The options of the rig as the command line gives them. */
export interface MakeupOptions {
  cellDialect?: string;
  beamDialect?: string;
  rate?: string;
  decimal?: string;
  jetson?: boolean;
}

/** Throws `bad-input` for what no rig can be. */
export function makeupOf({ cellDialect, beamDialect, rate, decimal, jetson }: MakeupOptions): RigMakeup {
  const parsed = rigMakeup.safeParse({
    cellDialect,
    beamDialect,
    rate: rate === undefined ? undefined : Number(rate),
    decimal,
    jetson,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new WarroomError(
    'bad-input',
    `No rig is made up so: ${issue?.path.join('.')}: ${issue?.message}.`,
    'See --help.',
  );
}

/** Throws `bad-input` for a word that is none. */
export function severityOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const parsed = faultSeverity.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WarroomError(
    'bad-input',
    `There is no severity "${text}".`,
    `Choose one of: ${faultSeverity.options.join(', ')}.`,
  );
}
