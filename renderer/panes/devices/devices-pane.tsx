import { useRoom } from '../../store/store.ts';
import { Pane } from '../../ui/pane.tsx';
import { ConnectRig } from './connect-rig.tsx';
import { DeviceItem } from './device-item.tsx';
import { Services } from './services.tsx';
import './devices.css';

/** Sensors on their links and services on the network: how each is doing, and how to connect one more. */
export function DevicesPane() {
  const devices = useRoom((store) => store.devices);
  return (
    <Pane id="devices" title="Devices">
      <div className="body stack">
        {devices.length > 0 && (
          <ul className="cards" aria-label="Sensors">
            {devices.map((device) => (
              <DeviceItem key={device.id} device={device} />
            ))}
          </ul>
        )}
        {devices.length === 0 && <p className="muted">No sensor is connected yet.</p>}
        <Services />
        <ConnectRig />
      </div>
    </Pane>
  );
}
