import { useState } from 'react';
import { serviceSpec, type ServiceHealth } from '../../../common/contract/services.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { duration } from '../../ui/format.ts';
import { freeId } from './names.ts';

const tones: Record<ServiceHealth['state'], string> = {
  up: 'ok',
  slow: 'warn',
  connecting: 'run',
  down: 'bad',
  stopped: 'system',
};

/** Services under watch, and one more by its address. */
export function Services() {
  const services = useRoom((store) => store.services);
  return (
    <section className="stack" aria-label="Services">
      <h3>Services</h3>
      <ul className="cards">
        {services.map((service) => (
          <ServiceItem key={service.name} service={service} />
        ))}
      </ul>
      <WatchService taken={services.map(({ name }) => name)} />
    </section>
  );
}

function ServiceItem({ service }: { service: ServiceHealth }) {
  const whyNot = useWhyNot('device.connect');
  const { name, url, state, problem, answerMs, answers, rejected, clock } = service;
  return (
    <li className="card" data-testid={`service-${name}`} data-state={state}>
      <div className="row">
        <span className="dot" style={{ background: `var(--${tones[state]})` }} aria-hidden />
        <b>{name}</b>
        <span className="mono faint clip">{url}</span>
        <span className={`push ${tones[state]}-t`}>{state}</span>
      </div>
      <div className="row mono muted">
        {answerMs !== null && <span>{`answers in ${duration(answerMs)}`}</span>}
        {answers > 0 && <span>{`${answers} taken`}</span>}
        {rejected > 0 && <span className="warn-t">{`${rejected} not understood`}</span>}
        {clock && <span title={`± ${duration(clock.uncertaintyMicros / 1000)}`}>{clockText(clock)}</span>}
        {state !== 'stopped' && (
          <span className="push">
            <Button
              small
              whyNot={whyNot}
              onClick={() => void act((api) => api.services.disconnect({ name }))}
            >
              Stop watching
            </Button>
          </span>
        )}
      </div>
      {problem && (
        <div className={state === 'down' ? 'bad-t' : 'warn-t'}>
          {problem.message} <span className="muted">{problem.hint}</span>
        </div>
      )}
    </li>
  );
}

/** Within its uncertainty a clock agrees; else it says by how much it does not. */
function clockText({ offsetMicros, uncertaintyMicros }: NonNullable<ServiceHealth['clock']>): string {
  if (Math.abs(offsetMicros) <= uncertaintyMicros) return 'clock agrees';
  return `clock ${duration(Math.abs(offsetMicros) / 1000)} ${offsetMicros > 0 ? 'ahead' : 'behind'}`;
}

/** By its address alone: its health and how long it takes. What its answers mean, a profile says. */
function WatchService({ taken }: { taken: string[] }) {
  const whyNot = useWhyNot('device.connect');
  const [url, setUrl] = useState('');
  const watch = async () => {
    const parsed = serviceSpec.safeParse({ name: 'service', url });
    if (!parsed.success)
      return useRoom
        .getState()
        .notify('bad', `${url} is no address of a service.`, 'As in http://192.168.55.1:8642');
    const { port, hostname } = new URL(url);
    const name = freeId(`s-${hostname.split('.')[0]!}-${port || 'http'}`, taken);
    if (await act((api) => api.services.connect({ ...parsed.data, name }))) setUrl('');
  };
  return (
    <form className="row end" onSubmit={(event) => (event.preventDefault(), void watch())}>
      <div className="grow">
        <Field label="Watch a service (its /health)">
          <TextInput
            value={url}
            placeholder="http://192.168.55.1:8642"
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
        </Field>
      </div>
      <Button type="submit" whyNot={whyNot ?? (url ? null : 'Type its address first.')}>
        Watch
      </Button>
    </form>
  );
}
