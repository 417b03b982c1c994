import { useEffect, useState } from 'react';
import {
  dialects,
  type DeviceOptions,
  type DeviceSpec,
  type ProbeReport,
} from '../../../common/contract/devices.ts';
import { act } from '../../store/act.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { dialectTitle, freeId } from './names.ts';
import { bauds, linkOf, usualBaud, type SerialPort } from './port-link.ts';
import { Heard } from './heard.tsx';
import { useProbe } from './use-probe.ts';

type Dialect = DeviceSpec['dialect'];

export interface PortCardProps {
  path: string;
  ports: SerialPort[];
  /** It was typed by hand: begin to listen at once. */
  listens: boolean;
  whyNot: string | null;
}

/** One port: what speaks there, which a person may overrule, and how it is connected. */
export function PortCard({ path, ports, listens, whyNot }: PortCardProps) {
  const probe = useProbe();
  const [choice, setChoice] = useState<Partial<Choice>>({});
  const { report } = probe;
  const listen = () => probe.start(linkOf(path, ports, choice.baud ?? usualBaud));
  useEffect(() => {
    if (listens && !whyNot) listen();
    // Once, when the card appears.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const chosen = chosenOf(choice, report);
  const port = ports.find((each) => each.path === path);
  return (
    <section className="card stack" aria-label={`Port ${path}`} data-testid="port-card">
      <div className="row">
        <b className="clip mono" title={path}>
          {path.split('/').at(-1)}
        </b>
        <span className="muted clip">
          {[port?.manufacturer, port?.serialNumber].filter(Boolean).join(' ')}
        </span>
        <span className="push" />
        {probe.isRunning ? (
          <Button small onClick={probe.cancel}>
            Stop listening
          </Button>
        ) : (
          <Button small whyNot={whyNot} onClick={listen}>
            {report ? 'Listen again' : 'Listen'}
          </Button>
        )}
      </div>
      <Heard probe={probe} />
      {(report !== null || probe.problem !== null) && !probe.isRunning && (
        <ConnectAs
          path={path}
          ports={ports}
          whyNot={whyNot}
          chosen={chosen}
          onChange={setChoice}
          choice={choice}
        />
      )}
    </section>
  );
}

interface Choice {
  dialect: Dialect;
  baud: number;
  name: string;
  options: DeviceOptions;
}

/** What a person chose, or else what was heard, or else what is usual. */
function chosenOf(choice: Partial<Choice>, report: ProbeReport | null): Omit<Choice, 'name'> {
  const best = report?.guesses[0];
  const dialect = choice.dialect ?? best?.dialect ?? 'hx711-csv';
  const heard = report?.guesses.find((guess) => guess.dialect === dialect)?.options ?? {};
  return {
    dialect,
    baud: choice.baud ?? report?.baud ?? usualBaud,
    options: choice.options ?? heard,
  };
}

interface ConnectAsProps {
  path: string;
  ports: SerialPort[];
  whyNot: string | null;
  choice: Partial<Choice>;
  chosen: Omit<Choice, 'name'>;
  onChange(choice: Partial<Choice>): void;
}

function ConnectAs({ path, ports, whyNot, choice, chosen, onChange }: ConnectAsProps) {
  const { dialect, baud, options } = chosen;
  const shown = choice.name ?? path.split('/').at(-1) ?? path;
  const connect = async () => {
    const taken = useRoom.getState().devices.map(({ id }) => id);
    const spec: DeviceSpec = {
      id: freeId(shown, taken),
      name: shown,
      dialect,
      link: linkOf(path, ports, baud),
      ...(Object.keys(options).length > 0 && { options }),
    };
    await act(
      (api) => api.devices.connect(spec),
      () => `Connecting ${shown}.`,
    );
  };
  const known = bauds.includes(baud as (typeof bauds)[number]) ? bauds : [baud, ...bauds];
  return (
    <form className="stack" onSubmit={(event) => (event.preventDefault(), void connect())}>
      <div className="row end">
        <div className="grow">
          <Field label="What it speaks">
            <Select<Dialect>
              value={dialect}
              options={dialects.map((each) => [each, dialectTitle(each)] as const)}
              onPick={(picked) => onChange({ ...choice, dialect: picked })}
            />
          </Field>
        </div>
        <Field label="Baud rate">
          <Select<string>
            value={String(baud)}
            options={known.map((each) => [String(each), String(each)] as const)}
            onPick={(picked) => onChange({ ...choice, baud: Number(picked) })}
          />
        </Field>
      </div>
      <Options
        dialect={dialect}
        options={options}
        onChange={(next) => onChange({ ...choice, options: next })}
      />
      <div className="row end">
        <div className="grow">
          <Field label="Name">
            <TextInput
              value={shown}
              maxLength={100}
              onChange={(event) => onChange({ ...choice, name: event.currentTarget.value })}
            />
          </Field>
        </div>
        <Button
          type="submit"
          look="primary"
          whyNot={whyNot ?? (shown.trim() ? null : 'Give it a name first.')}
        >
          Connect
        </Button>
      </div>
    </form>
  );
}

interface OptionsProps {
  dialect: Dialect;
  options: DeviceOptions;
  onChange(options: DeviceOptions): void;
}

/** Only what matters to the dialect is asked. */
function Options({ dialect, options, onChange }: OptionsProps) {
  if (dialect.startsWith('beam'))
    return (
      <Field label="A broken beam is">
        <Select<'low' | 'high'>
          value={options.activeLow === false ? 'high' : 'low'}
          options={[
            ['low', 'low (0), as most receivers'],
            ['high', 'high (1)'],
          ]}
          onPick={(level) => onChange({ ...options, activeLow: level === 'low' })}
        />
      </Field>
    );
  if (dialect === 'frames' || dialect === 'tegrastats') return null;
  return (
    <Field label="Decimal separator">
      <Select<'.' | ','>
        value={options.decimal ?? '.'}
        options={[
          ['.', 'point (12.3)'],
          [',', 'comma (12,3)'],
        ]}
        onPick={(decimal) => onChange({ ...options, decimal })}
      />
    </Field>
  );
}
