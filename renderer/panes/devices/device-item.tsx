import { useState } from 'react';
import type { DeviceHealth } from '../../../common/contract/devices.ts';
import { act } from '../../store/act.ts';
import { hostNow } from '../../store/link.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { byteSize, clockTime, duration, measured } from '../../ui/format.ts';
import { useTick } from '../../ui/use-now.ts';
import { CalibrateDialog } from './calibrate-dialog.tsx';
import { dialectTitle } from './names.ts';
import { RawView } from './raw-view.tsx';

const tones: Record<DeviceHealth['state'], string> = {
  connected: 'ok',
  connecting: 'run',
  lost: 'bad',
  failed: 'bad',
  stopped: 'system',
};
const staleMicros = 2_000_000;
const shownRemarks = 2;

/** One sensor: whether it is heard, how well, and what can be done about it. */
export function DeviceItem({ device }: { device: DeviceHealth }) {
  useTick(1000);
  const whyNot = useWhyNot('device.connect');
  const offset = useRoom((store) => store.clockOffset);
  const [isRaw, setRaw] = useState(false);
  const silent = device.lastHeard > 0 ? hostNow(offset) - device.lastHeard : 0;
  const isActive = device.state !== 'stopped';
  return (
    <li className="card" data-testid={`device-${device.id}`} data-state={device.state}>
      <div className="row">
        <span className="dot" style={{ background: `var(--${tones[device.state]})` }} aria-hidden />
        <b className="clip">{device.name}</b>
        <span className={`push ${tones[device.state]}-t`}>{device.state}</span>
      </div>
      <div className="faint clip" title={`${device.link}${device.identity ? ` · ${device.identity}` : ''}`}>
        {dialectTitle(device.dialect)} · <span className="mono">{device.link}</span>
      </div>
      <Health device={device} />
      {isActive && silent > staleMicros && (
        <div className="warn-t">{`silent since ${clockTime(device.lastHeard)} (${Math.floor(silent / 1e6)} s)`}</div>
      )}
      {device.remarks.slice(-shownRemarks).map(({ at, text, severity }) => (
        <div key={`${at} ${text}`} className={severity === 'info' ? 'muted' : 'warn-t'}>
          <span className="mono faint">{clockTime(at)}</span> it says: {text}
        </div>
      ))}
      {device.problem && (
        <div className="bad-t">
          {device.problem.message} <span className="muted">{device.problem.hint}</span>
        </div>
      )}
      <div className="row actions">
        {isActive && (
          <Button small onClick={() => setRaw(true)}>
            Raw bytes
          </Button>
        )}
        {isActive && <Calibrate device={device} />}
        <Button
          small
          whyNot={whyNot}
          onClick={() =>
            void act<unknown>((api) =>
              isActive ? api.devices.disconnect({ id: device.id }) : api.devices.connect(device.spec),
            )
          }
        >
          {isActive ? 'Disconnect' : 'Connect again'}
        </Button>
      </div>
      {isRaw && <RawView device={device} onClose={() => setRaw(false)} />}
    </li>
  );
}

/** Of a cell: by its counts where it sends them. */
function Calibrate({ device }: { device: DeviceHealth }) {
  const whyNot = useWhyNot('device.calibrate');
  const [isOpen, setOpen] = useState(false);
  const column = (name: string) => device.channels.find(({ id }) => id === `${device.id}/${name}`);
  const channel = column('raw') ?? column('weight');
  if (!channel) return null;
  const start = async () => {
    if (await act((api) => api.calibration.start({ channel: channel.id }))) setOpen(true);
  };
  return (
    <>
      <Button small whyNot={whyNot} onClick={() => void start()}>
        Calibrate
      </Button>
      {isOpen && <CalibrateDialog name={device.name} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The link in numbers, and each fact that is not as it should be. */
function Health({ device }: { device: DeviceHealth }) {
  const { gaps, clock } = device;
  const rates = Object.entries(device.rates).map(
    ([channel, rate]) => `${channel.split('/')[1]} ${measured(rate)}/s`,
  );
  return (
    <dl className="health mono muted">
      <dt>heard</dt>
      <dd>{`${measured(device.linesPerSecond)} lines/s · ${byteSize(Math.round(device.bytesPerSecond))}/s`}</dd>
      {rates.length > 0 && (
        <>
          <dt>samples</dt>
          <dd>{rates.join(' · ')}</dd>
        </>
      )}
      <dt>rejected</dt>
      <dd className={device.rejectedLines > 0 ? 'warn-t' : ''}>
        {`${device.rejectedLines} lines · ${byteSize(device.rejectedBytes)}`}
      </dd>
      <dt>gaps</dt>
      <dd className={gaps.count > 0 || device.lost > 0 ? 'warn-t' : ''}>
        {`${gaps.count} · ${duration(gaps.micros / 1000)} · ${device.reconnects} reconnects · ${device.lost} lost`}
      </dd>
      {clock && (
        <>
          <dt>its clock</dt>
          <dd>
            {`${clock.drift >= 0 ? '+' : ''}${clock.drift.toFixed(1)} ± ${clock.driftUncertainty.toFixed(1)} ppm`}
            {clock.jumps > 0 && <span className="warn-t">{` · ${clock.jumps} jumps`}</span>}
          </dd>
        </>
      )}
    </dl>
  );
}
