import type { DeviceHealth } from '../../../common/contract/devices.ts';
import { act } from '../../store/act.ts';
import { hostNow } from '../../store/link.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { byteSize, clockTime, measured } from '../../ui/format.ts';
import { Pane } from '../../ui/pane.tsx';
import { useTick } from '../../ui/use-now.ts';
import { ConnectForm } from './connect-form.tsx';

/** Sensors on their links: how each is doing, and how to connect one more. */
export function DevicesPane() {
  const devices = useRoom((store) => store.devices);
  return (
    <Pane id="devices" title="Devices">
      <div className="body stack">
        <ul className="cards">
          {devices.map((device) => (
            <DeviceItem key={device.id} device={device} />
          ))}
        </ul>
        {devices.length === 0 && <p className="muted">No sensor is connected.</p>}
        <ConnectForm />
      </div>
    </Pane>
  );
}

const tones: Record<DeviceHealth['state'], string> = {
  connected: 'ok',
  connecting: 'run',
  lost: 'bad',
  failed: 'bad',
  stopped: 'system',
};
const staleMicros = 2_000_000;

function DeviceItem({ device }: { device: DeviceHealth }) {
  useTick(1000);
  const whyNot = useWhyNot('device.connect');
  const offset = useRoom((store) => store.clockOffset);
  const silent = device.lastHeard > 0 ? hostNow(offset) - device.lastHeard : 0;
  return (
    <li className="card" data-testid={`device-${device.id}`} data-state={device.state}>
      <div className="row">
        <span className="dot" style={{ background: `var(--${tones[device.state]})` }} aria-hidden />
        <b className="clip">{device.name}</b>
        <span className={`push ${tones[device.state]}-t`}>{device.state}</span>
      </div>
      <div className="mono faint clip" title={device.link}>
        {device.link}
      </div>
      <div className="mono muted">
        {`${measured(device.linesPerSecond)} lines/s · ${byteSize(Math.round(device.bytesPerSecond))}/s · ${device.rejectedBytes} rejected · ${device.reconnects} reconnects`}
      </div>
      {silent > staleMicros && (
        <div className="warn-t">{`silent since ${clockTime(device.lastHeard)} (${Math.floor(silent / 1e6)} s)`}</div>
      )}
      {device.problem && (
        <div className="bad-t">
          {device.problem.message} <span className="muted">{device.problem.hint}</span>
        </div>
      )}
      {device.state !== 'stopped' && (
        <Button
          small
          whyNot={whyNot}
          onClick={() => void act((api) => api.devices.disconnect({ id: device.id }))}
        >
          Disconnect
        </Button>
      )}
    </li>
  );
}
