import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../common/contract/index.ts';
import { messageOf, WarroomError, type ErrorCode } from '../../common/lib/errors.ts';
import type { ControlLink } from './transport.ts';

/** The host's methods, typed by the contract. */
export type Api = ContractRouterClient<Contract>;

export function createApi(link: ControlLink): Api {
  return createORPCClient<Api>(link);
}

/** What a person is told of a failed call: what happened, what to do. */
export interface Problem {
  code: ErrorCode;
  message: string;
  hint: string;
}

/** Any error of a call as a problem; null for a call that was called off. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof DOMException && error.name === 'AbortError') return null;
  if (error instanceof WarroomError)
    return error.code === 'cancelled' ? null : { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof ORPCError) {
    const data = error.data as { code?: ErrorCode; hint?: string } | undefined;
    if (data?.code === 'cancelled') return null;
    if (data?.code) return { code: data.code, message: error.message, hint: data.hint ?? '' };
    return {
      code: error.code === 'BAD_REQUEST' ? 'bad-input' : 'internal',
      message: error.message,
      hint: '',
    };
  }
  return { code: 'internal', message: messageOf(error), hint: '' };
}
