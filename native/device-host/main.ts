/** Entry of the device-host: the process that owns serial ports and sockets of sensors. */
import type { ToDeviceHost } from '../../common/wire/device-messages.ts';
import { parentPort } from '../parent-port.ts';
import { createDeviceHost } from './host.ts';

const port = parentPort();
let host: ReturnType<typeof createDeviceHost> | null = null;

port.onMessage((received) => {
  const message = received as ToDeviceHost;
  if (message.kind !== 'start') return host?.handle(message);
  // The system's monotonic clock is the same for all processes: so is the axis that is anchored on it.
  const { wall, hrtime } = message.anchor;
  const start = BigInt(hrtime);
  const now = () => wall + Number((process.hrtime.bigint() - start) / 1000n);
  host = createDeviceHost(now, (answer) => port.post(answer));
});
