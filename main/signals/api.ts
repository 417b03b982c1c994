import type { contract } from '../../common/contract/index.ts';
import type { AppendFor } from '../ladder/index.ts';
import type { Call, Handlers } from '../platform/call.ts';
import type { AppendOwn, Signals } from './types.ts';

export interface SignalsApiDeps {
  /** Of the open incident; throws `not-found`. */
  signals(): Signals;
  appendFor: AppendFor;
}

export function createSignalsApi({ signals, appendFor }: SignalsApiDeps): Handlers<typeof contract.signals> {
  return {
    measure: (input) => signals().measure(input),
    setTrigger: (spec, call) => {
      signals().trigger.set(spec, call.actor);
      return {};
    },
    clearTrigger: () => {
      signals().trigger.clear();
      return {};
    },
    watchTrigger: (_input, call) => signals().trigger.state.watch(call.signal),
    addMath: (spec, call) => signals().math.add(spec, ownFor(appendFor, call)),
    removeMath: ({ id }, call) =>
      signals().math.remove(id.includes('/') ? id : `math/${id}`, ownFor(appendFor, call)),
    listMath: () => signals().math.list(),
    watchFaults: (_input, call) => signals().faults.state.watch(call.signal),
  };
}

export function createCalibrationApi({
  signals,
  appendFor,
}: SignalsApiDeps): Handlers<typeof contract.calibration> {
  const room = () => signals().calibration;
  return {
    watch: (_input, call) => room().state.watch(call.signal),
    start: ({ channel, empty }) => room().start(channel, empty),
    tare: (request, call) => room().tare(request, call.signal),
    addPoint: ({ weight, ...request }, call) => room().addPoint(weight, request, call.signal),
    dropPoint: ({ index }) => room().dropPoint(index),
    finish: ({ anyway = false }, call) => room().finish(anyway, ownFor(appendFor, call)),
    cancel: () => {
      room().cancel();
      return {};
    },
  };
}

/** In the caller's name. A signed request stands in one entry only: in the first. */
function ownFor(appendFor: AppendFor, call: Call): AppendOwn {
  let isFirst = true;
  return (draft) => {
    const { req: _, ...without } = call;
    const caller = isFirst ? call : without;
    isFirst = false;
    return appendFor(caller, draft);
  };
}
