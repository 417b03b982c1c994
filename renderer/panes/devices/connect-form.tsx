import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { dialects, type DeviceSpec, type serialPort } from '../../../common/contract/devices.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';

type Port = z.infer<typeof serialPort>;
type Dialect = (typeof dialects)[number];

const dialectNames: Record<Dialect, string> = {
  'hx711-csv': 'HX711 load cell (counts, grams)',
  'hx711-reading': 'HX711 load cell (“HX711 reading:”)',
  'hx711-average': 'HX711 load cell (“one reading: | average:”)',
  'hx711-loadcell': 'HX711 load cell (“Load_cell output val:”)',
  'hx711-weight-raw': 'HX711 load cell (W:…,raw:…)',
  csv: 'Numbers in columns (CSV)',
  teleplot: 'Teleplot (name:value)',
  'beam-events': 'IR break beam (numbered edges)',
  'beam-text': 'IR break beam (Broken, Unbroken)',
  'beam-level': 'IR break beam (0, 1)',
  tegrastats: 'Jetson (tegrastats)',
  frames: 'Binary frames',
};
const bauds = ['9600', '19200', '38400', '57600', '115200'] as const;

/** One more sensor: by a typed path (the only way for a pseudo-terminal) or by its USB identity. */
export function ConnectForm() {
  const whyNot = useWhyNot('device.connect');
  const taken = useRoom((store) => store.devices);
  const [ports, setPorts] = useState<Port[]>([]);
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  const [dialect, setDialect] = useState<Dialect>('hx711-csv');
  const [baud, setBaud] = useState<(typeof bauds)[number]>('57600');
  const list = () => void act((api) => api.devices.ports()).then((found) => setPorts(found ?? []));
  useEffect(list, []);
  const connect = async () => {
    const shown = name || path.split('/').at(-1) || 'sensor';
    const id = freeId(
      shown,
      taken.map((device) => device.id),
    );
    const spec: DeviceSpec = { id, name: shown, dialect, link: linkOf(path, ports, Number(baud)) };
    if (
      await act(
        (api) => api.devices.connect(spec),
        () => `Connecting ${shown}.`,
      )
    )
      setName('');
  };
  return (
    <form
      className="card stack"
      aria-label="Connect a sensor"
      onSubmit={(event) => (event.preventDefault(), void connect())}
    >
      <h3>Connect a sensor</h3>
      <Field label="Port (type its path, or pick one)">
        <TextInput
          list="ports"
          value={path}
          placeholder="/dev/ttyUSB0"
          onChange={(event) => setPath(event.currentTarget.value)}
        />
      </Field>
      <datalist id="ports">
        {ports.map((port) => (
          <option key={port.path} value={port.path}>
            {[port.manufacturer, port.serialNumber].filter(Boolean).join(' ')}
          </option>
        ))}
      </datalist>
      <div className="row end">
        <Field label="What it speaks">
          <Select<Dialect>
            value={dialect}
            options={dialects.map((each) => [each, dialectNames[each]] as const)}
            onPick={setDialect}
          />
        </Field>
        <Field label="Baud rate">
          <Select<(typeof bauds)[number]>
            value={baud}
            options={bauds.map((each) => [each, each] as const)}
            onPick={setBaud}
          />
        </Field>
      </div>
      <Field label="Name">
        <TextInput value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <div className="row">
        <Button type="submit" look="primary" whyNot={whyNot ?? (path ? null : 'Type the port’s path first.')}>
          Connect
        </Button>
        <Button onClick={list}>Look for ports again</Button>
      </div>
    </form>
  );
}

/** By its USB identity where it has one: another port is then the same device. */
function linkOf(path: string, ports: Port[], baud: number): DeviceSpec['link'] {
  const port = ports.find((each) => each.path === path);
  if (!port?.vendorId || !port.productId) return { by: 'path', path, baud };
  const { vendorId, productId, serialNumber } = port;
  return { by: 'usb', vendorId, productId, baud, ...(serialNumber && { serialNumber }) };
}

function freeId(name: string, taken: string[]): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 32) || 'sensor';
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
