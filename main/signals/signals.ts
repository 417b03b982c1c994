import { createCalibrationRoom } from './calibration.ts';
import { createFaultRoom } from './faults.ts';
import { createMathChannels } from './math-channels.ts';
import { measureChannels } from './measure.ts';
import { createTriggerRoom } from './trigger-room.ts';
import type { Signals, SignalsDeps } from './types.ts';
import { windowPicture } from './window-picture.ts';

/** Starts them for an incident. Its math channels go on as its ledger has them. */
export function openSignals(deps: SignalsDeps): Signals {
  const math = createMathChannels(deps);
  const trigger = createTriggerRoom(deps);
  const calibration = createCalibrationRoom({ ...deps, math });
  const faults = createFaultRoom(deps);
  return {
    measure: (request) => measureChannels(deps, request),
    picture: (title, channels, from, to) => windowPicture(deps, { title, channels, from, to }),
    trigger,
    math,
    calibration,
    faults,
    async close() {
      math.close();
      calibration.cancel();
      await trigger.close();
      await faults.close();
    },
  };
}
