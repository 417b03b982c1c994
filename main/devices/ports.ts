import { WarroomError, type ErrorCode } from '../../common/lib/errors.ts';
import type { FromDeviceHost, PortInfo } from '../../common/wire/device-messages.ts';

/** Questions for the system's serial ports that wait for an answer. */
export interface PortRequests {
  ask(): Promise<PortInfo[]>;
  answer(message: Extract<FromDeviceHost, { kind: 'ports' }>): void;
  /** Nobody will answer those that wait. */
  fail(reason: string): void;
}

export function createPortRequests(send: (request: number) => boolean): PortRequests {
  const waiting = new Map<number, PromiseWithResolvers<PortInfo[]>>();
  let last = 0;

  function fail(reason: string): void {
    for (const asked of waiting.values()) asked.reject(new WarroomError('unavailable', reason, 'Try again.'));
    waiting.clear();
  }

  return {
    ask() {
      const answer = Promise.withResolvers<PortInfo[]>();
      waiting.set(++last, answer);
      if (!send(last)) fail('The process that reads sensors is just being started.');
      return answer.promise;
    },
    answer({ request, ports, problem }) {
      const asked = waiting.get(request);
      waiting.delete(request);
      if (problem) asked?.reject(new WarroomError(problem.code as ErrorCode, problem.message, problem.hint));
      else asked?.resolve(ports);
    },
    fail,
  };
}
