import { useState } from 'react';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';

/** Channels computed from others: those there are, and one more. */
export function MathDialog({ onClose }: { onClose(): void }) {
  const derived = useRoom((store) => store.state.derived);
  const channels = useRoom((store) => store.channels);
  const whyNot = useWhyNot('channel.derive');
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('g');
  const [expression, setExpression] = useState('');
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const add = async () => {
    const spec = { id, name, expression, ...(unit && { unit }) };
    if (await act((api) => api.signals.addMath(spec))) {
      setName('');
      setExpression('');
    }
  };
  const insert = (channel: string) =>
    setExpression(`${expression}${expression && !/[\s(]$/.test(expression) ? ' ' : ''}[${channel}]`);
  return (
    <Dialog title="Math channels" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => (event.preventDefault(), void add())}
        data-testid="math-form"
      >
        <h3>Math channels</h3>
        {Object.values(derived).map(({ data }) => (
          <div key={data.id} className="row">
            <b>{data.name}</b>
            <code className="mono clip muted" title={data.expression}>
              {data.expression}
            </code>
            <span className="push" />
            <Button
              small
              whyNot={whyNot}
              onClick={() =>
                void act((api) => api.signals.removeMath({ id: data.id.replace(/^math\//, '') }))
              }
            >
              Remove
            </Button>
          </div>
        ))}
        <div className="row end">
          <div className="grow">
            <Field label="Name">
              <TextInput
                value={name}
                maxLength={100}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            </Field>
          </div>
          <Field label="Unit">
            <TextInput value={unit} maxLength={20} onChange={(event) => setUnit(event.currentTarget.value)} />
          </Field>
        </div>
        <Field label="Expression">
          <TextInput
            value={expression}
            maxLength={500}
            placeholder="[cell-a/weight] + [cell-b/weight]"
            onChange={(event) => setExpression(event.currentTarget.value)}
          />
        </Field>
        <p className="muted">
          + − * / and abs, min, max, avg(x, seconds), median(x, n), d(x), delay(x, seconds). Press a channel
          to put it in:
        </p>
        <div className="row">
          {channels.map((channel) => (
            <Button key={channel.id} small onClick={() => insert(channel.id)}>
              {channel.id}
            </Button>
          ))}
        </div>
        <div className="row">
          <Button
            type="submit"
            look="primary"
            whyNot={whyNot ?? (id && expression ? null : 'Write a name and an expression.')}
          >
            Add
          </Button>
          <Button onClick={onClose}>Close</Button>
        </div>
      </form>
    </Dialog>
  );
}
