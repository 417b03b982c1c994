import { useEffect, useState } from 'react';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { linkOf, linkText, usualBaud, type SerialPort } from './port-link.ts';
import { PortCard } from './port-card.tsx';
import { ProfileButton } from './profile-button.tsx';

/** Ports found and ports typed, one after another: listen, see what speaks there, connect. */
export function ConnectRig() {
  const whyNot = useWhyNot('device.connect');
  const devices = useRoom((store) => store.devices);
  const [ports, setPorts] = useState<SerialPort[]>([]);
  const [typed, setTyped] = useState<string[]>([]);
  const [path, setPath] = useState('');
  const look = () => void act((api) => api.devices.ports()).then((found) => setPorts(found ?? []));
  useEffect(look, []);
  const add = () => {
    const name = path.trim();
    if (name && !typed.includes(name)) setTyped([name, ...typed]);
    setPath('');
  };
  const active = devices.filter(({ state }) => state !== 'stopped');
  const inUse = new Set(active.flatMap(({ link, spec }) => [link, linkText(spec.link)]));
  const open = [...typed, ...ports.map((port) => port.path).filter((each) => !typed.includes(each))].filter(
    (each) =>
      !inUse.has(each) &&
      !inUse.has(`serial:${each}`) &&
      !inUse.has(linkText(linkOf(each, ports, usualBaud))),
  );
  return (
    <section className="stack" aria-label="Connect the rig">
      <h3>Connect the rig</h3>
      <form className="row end" onSubmit={(event) => (event.preventDefault(), add())}>
        <div className="grow">
          <Field label="Port or address">
            <TextInput
              value={path}
              placeholder="/dev/ttyUSB0, COM3 or 192.168.55.1:9000"
              onChange={(event) => setPath(event.currentTarget.value)}
              data-testid="port-path"
            />
          </Field>
        </div>
        <Button type="submit" whyNot={whyNot ?? (path.trim() ? null : 'Type a port or an address first.')}>
          Listen
        </Button>
      </form>
      {open.map((each) => (
        <PortCard key={each} path={each} ports={ports} listens={typed.includes(each)} whyNot={whyNot} />
      ))}
      {open.length === 0 && (
        <p className="muted">
          No other serial port is there. Plug a device in and look again, or type its port.
        </p>
      )}
      <div className="row">
        <Button onClick={look}>Look for ports again</Button>
        <ProfileButton whyNot={whyNot} />
      </div>
    </section>
  );
}
