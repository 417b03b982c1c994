/** What of rung 3 or 4 explains that something else can't be told (LADDER, Cascades). */
import type { CheckContext } from '../../context.ts';
import { isOfForm, payloadNow } from '../../read/payload-change.ts';
import { placesOf } from '../../read/places.ts';
import { judgeService } from './service.ts';
import { judgeTable } from './table.ts';

/** Where something was read. */
export interface ReadFrom {
  service?: string | undefined;
  table?: string | undefined;
  /** It was read out of all that the service answers, as its channels are: another form leaves them empty. */
  isChannel?: boolean;
}

/** The check of the first of these places that fails itself; null: none does. */
export async function failingTool(
  context: CheckContext,
  places: readonly ReadFrom[],
): Promise<string | null> {
  const { services, tables } = context.profile;
  for (const { service, table, isChannel } of places) {
    const isService = services.some(({ name }) => name === service);
    if (isService && (await judgeService(service!, context)).result === 'fail')
      return `tools.service ${service}`;
    const form = isService && isChannel ? await changedForm(context, service!) : null;
    if (form !== null) return form;
    const isTable = tables.some(({ name }) => name === table);
    if (isTable && (await judgeTable(table!, context)).result === 'fail') return `tools.table ${table}`;
  }
  return null;
}

/** The check of the first place of a service whose rows have another form than in the baseline. */
async function changedForm(context: CheckContext, service: string): Promise<string | null> {
  for (const place of placesOf(context.profile).filter((each) => each.service?.name === service)) {
    const { diff } = await payloadNow(context, place);
    if (diff?.changes.some(isOfForm)) return `schema.payload ${place.name}`;
  }
  return null;
}
