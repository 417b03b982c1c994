import { implement, ORPCError } from '@orpc/server';
import { isContractProcedure, type AnyContractRouter } from '@orpc/contract';
import { contract } from '../../common/contract/index.ts';
import type { MethodMeta } from '../../common/contract/base.ts';
import { mayDo, whyNot } from '../../common/incident/roles.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { Call, Handlers } from '../platform/call.ts';

/** Plain functions for the whole contract. */
export type AllHandlers = { [S in keyof typeof contract]: Handlers<(typeof contract)[S]> };

/** What a link knows of its caller; asked anew on every call, because roles change. */
export interface Caller {
  call(method: string, action: MethodMeta['action'], input: unknown, signal: AbortSignal | undefined): Call;
  holdsLead(): boolean;
}

interface Context extends Record<PropertyKey, unknown> {
  caller: Caller;
}

type AnyHandler = (input: unknown, call: Call) => unknown;

/** The contract with its handlers: every call is validated, its role checked, and its errors typed. */
export function buildRouter(handlers: AllHandlers, log: (message: string, error: unknown) => void) {
  const implementer = implement(contract).$context<Context>();
  const router: Record<string, Record<string, unknown>> = {};
  for (const [service, methods] of Object.entries(contract)) {
    router[service] = {};
    for (const [name, procedure] of Object.entries(methods as AnyContractRouter)) {
      if (!isContractProcedure(procedure)) throw new Error(`${service}.${name} is not a method`);
      const { action } = procedure['~orpc'].meta as MethodMeta;
      const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[service]?.[name];
      if (!handler) throw new Error(`${service}.${name} has no handler`);
      const builder = (implementer as unknown as Record<string, Record<string, ProcedureBuilder>>)[service]![
        name
      ]!;
      router[service][name] = builder.handler(guarded(`${service}.${name}`, action, handler, log));
    }
  }
  return implementer.router(router as never);
}

interface ProcedureBuilder {
  handler(
    run: (options: { input: unknown; context: Context; signal?: AbortSignal }) => Promise<unknown>,
  ): unknown;
}

function guarded(
  method: string,
  action: MethodMeta['action'],
  handler: AnyHandler,
  log: (message: string, error: unknown) => void,
) {
  return async ({ input, context, signal }: { input: unknown; context: Context; signal?: AbortSignal }) => {
    try {
      const call = context.caller.call(method, action, input, signal);
      if (!mayDo(call.seat.role, action, context.caller.holdsLead()))
        throw new WarroomError('refused', whyNot(call.seat.role, action), 'Ask the lead.');
      return await handler(input, call);
    } catch (error) {
      throw toWire(method, error, log);
    }
  };
}

/** Errors of ours go out typed; a mistake of ours goes to the log, and out as `internal` without its stack. */
function toWire(method: string, error: unknown, log: (message: string, error: unknown) => void): unknown {
  if (error instanceof ORPCError) return error;
  const known =
    error instanceof WarroomError
      ? error
      : new WarroomError('internal', `${method} failed: ${messageOf(error)}`);
  if (known.code === 'internal') log(`${method} failed`, error);
  return new ORPCError('WARROOM', {
    defined: true,
    status: 422,
    message: known.message,
    data: { code: known.code, hint: known.hint, data: known.data },
  });
}
