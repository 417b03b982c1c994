/** What of rung 3 explains that something else can't be told (LADDER, Cascades). */
import type { CheckContext } from '../../context.ts';
import { judgeService } from './service.ts';
import { judgeTable } from './table.ts';

/** Where something was read. */
export interface ReadFrom {
  service?: string | undefined;
  table?: string | undefined;
}

/** The check of the first of these places that fails itself; null: none does. */
export async function failingTool(
  context: CheckContext,
  places: readonly ReadFrom[],
): Promise<string | null> {
  const { services, tables } = context.profile;
  for (const { service, table } of places) {
    const isService = services.some(({ name }) => name === service);
    if (isService && (await judgeService(service!, context)).result === 'fail')
      return `tools.service ${service}`;
    const isTable = tables.some(({ name }) => name === table);
    if (isTable && (await judgeTable(table!, context)).result === 'fail') return `tools.table ${table}`;
  }
  return null;
}
