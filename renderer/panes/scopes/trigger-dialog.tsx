import { useState } from 'react';
import type { TriggerState } from '../../../common/contract/signals.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Select, TextInput } from '../../ui/field.tsx';
import { formOf, specOf, type TriggerForm } from './trigger-form.ts';

export interface TriggerDialogProps {
  trigger: TriggerState | null;
  /** A middling value of a channel, where its trace is shown: what a level begins with. */
  levelOf(channel: string): number;
  onClose(): void;
}

const kinds = [
  ['edge', 'an edge'],
  ['level', 'a level held'],
  ['pulse', 'a pulse by its width'],
  ['dropout', 'a dropout'],
  ['ledger', 'an entry of the ledger'],
] as const;
const modes = [
  ['normal', 'normal: each time'],
  ['single', 'single: once'],
  ['auto', 'auto: also by itself'],
] as const;
const actions = [
  ['hold', 'hold the scopes there'],
  ['keep', 'keep the window as evidence'],
  ['mark', 'mark it in the ledger'],
] as const;

/** What the room's one trigger waits for, and what is done when it comes. */
export function TriggerDialog({ trigger, levelOf, onClose }: TriggerDialogProps) {
  const whyNot = useWhyNot('scope.trigger');
  const channels = useRoom((store) => store.channels);
  const [form, setForm] = useState(() => {
    const first = channels.find(({ kind }) => kind === 'step') ?? channels[0];
    return formOf(
      trigger?.spec ?? null,
      first?.id ?? '',
      first?.kind === 'step' ? 0.5 : levelOf(first?.id ?? ''),
    );
  });
  const spec = specOf(form);
  const change = (part: Partial<TriggerForm>) => setForm({ ...form, ...part });
  const pickChannel = (channel: string) => {
    const isStep = channels.find(({ id }) => id === channel)?.kind === 'step';
    change({ channel, level: isStep ? '0.5' : String(levelOf(channel)) });
  };
  const arm = async () => {
    if (typeof spec !== 'string' && (await act((api) => api.signals.setTrigger(spec)))) onClose();
  };
  return (
    <Dialog title="Trigger" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => (event.preventDefault(), void arm())}
        data-testid="trigger-form"
      >
        <h3>Trigger</h3>
        <div className="row end">
          <Field label="On">
            <Select<TriggerForm['kind']>
              value={form.kind}
              options={kinds}
              autoFocus
              onPick={(kind) => change({ kind })}
            />
          </Field>
          {form.kind !== 'ledger' && (
            <div className="grow">
              <Field label="Of channel">
                <Select<string>
                  value={form.channel}
                  options={channels.map(({ id, name }) => [id, name] as const)}
                  onPick={pickChannel}
                />
              </Field>
            </div>
          )}
        </div>
        <EventFields form={form} change={change} />
        <div className="row end">
          <Field label="Mode">
            <Select<TriggerForm['mode']>
              value={form.mode}
              options={modes}
              onPick={(mode) => change({ mode })}
            />
          </Field>
          <Field label="Then">
            <Select<TriggerForm['action']>
              value={form.action}
              options={actions}
              onPick={(action) => change({ action })}
            />
          </Field>
        </div>
        <div className="row end">
          <NumberField label="Window (s)" name="windowSeconds" form={form} change={change} />
          <NumberField label="Of it before (%)" name="beforePercent" form={form} change={change} />
          <NumberField label="Holdoff (ms)" name="holdoffMillis" form={form} change={change} />
        </div>
        <div className="row">
          <Button
            type="submit"
            look="primary"
            whyNot={whyNot ?? (typeof spec === 'string' ? spec : null)}
            data-testid="trigger-arm"
          >
            Arm
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          {typeof spec === 'string' && <span className="warn-t">{spec}</span>}
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  form: TriggerForm;
  change(part: Partial<TriggerForm>): void;
}

/** Only what the kind of event needs is asked. */
function EventFields({ form, change }: FieldsProps) {
  const { kind } = form;
  if (kind === 'ledger')
    return (
      <Field label="Types of entry, as check.found">
        <TextInput value={form.types} onChange={(event) => change({ types: event.currentTarget.value })} />
      </Field>
    );
  return (
    <div className="row end">
      {kind === 'edge' && (
        <Field label="Direction">
          <Select<TriggerForm['direction']>
            value={form.direction}
            options={[
              ['falling', 'falling ↓'],
              ['rising', 'rising ↑'],
              ['either', 'either ↕'],
            ]}
            onPick={(direction) => change({ direction })}
          />
        </Field>
      )}
      {kind === 'level' && (
        <Field label="Side">
          <Select<TriggerForm['side']>
            value={form.side}
            options={[
              ['above', 'above'],
              ['below', 'below'],
            ]}
            onPick={(side) => change({ side })}
          />
        </Field>
      )}
      {kind === 'pulse' && <PulseFields form={form} change={change} />}
      {kind === 'dropout' && (
        <Field label="Nothing of">
          <Select<TriggerForm['of']>
            value={form.of}
            options={[
              ['samples', 'its samples'],
              ['edges', 'its edges'],
            ]}
            onPick={(of) => change({ of })}
          />
        </Field>
      )}
      {(kind !== 'dropout' || form.of === 'edges') && (
        <>
          <NumberField label="Level" name="level" form={form} change={change} />
          <NumberField label="Hysteresis" name="hysteresis" form={form} change={change} />
        </>
      )}
      {kind !== 'edge' && (
        <NumberField
          label={kind === 'pulse' && form.width === 'between' ? 'At least (ms)' : 'For (ms)'}
          name="millis"
          form={form}
          change={change}
        />
      )}
      {kind === 'pulse' && form.width === 'between' && (
        <NumberField label="At most (ms)" name="mostMillis" form={form} change={change} />
      )}
    </div>
  );
}

function PulseFields({ form, change }: FieldsProps) {
  return (
    <>
      <Field label="Pulse">
        <Select<TriggerForm['polarity']>
          value={form.polarity}
          options={[
            ['low', 'low'],
            ['high', 'high'],
          ]}
          onPick={(polarity) => change({ polarity })}
        />
      </Field>
      <Field label="Width">
        <Select<TriggerForm['width']>
          value={form.width}
          options={[
            ['shorter', 'shorter than'],
            ['longer', 'longer than'],
            ['between', 'between'],
          ]}
          onPick={(width) => change({ width })}
        />
      </Field>
    </>
  );
}

type NumberName =
  'level' | 'hysteresis' | 'millis' | 'mostMillis' | 'windowSeconds' | 'beforePercent' | 'holdoffMillis';

function NumberField({ label, name, form, change }: FieldsProps & { label: string; name: NumberName }) {
  return (
    <Field label={label}>
      <TextInput
        inputMode="decimal"
        value={form[name]}
        onChange={(event) => change({ [name]: event.currentTarget.value })}
      />
    </Field>
  );
}
