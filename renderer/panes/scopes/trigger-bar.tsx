import { useEffect, useRef } from 'react';
import type { TriggerState } from '../../../common/contract/signals.ts';
import { keyProps } from '../../commands/keys.ts';
import { act } from '../../store/act.ts';
import { useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import type { ScopeEngine } from './scope-engine.ts';
import { TriggerDialog } from './trigger-dialog.tsx';
import { triggerText } from './trigger-text.ts';

const tones: Record<TriggerState['state'], string> = {
  off: 'muted',
  armed: 'run-t',
  collecting: 'warn-t',
  done: 'ok-t',
  stopped: 'bad-t',
};

/** What the trigger waits for and how often it fired; pressing it changes it. */
export function TriggerBar({ engine }: { engine: ScopeEngine }) {
  const trigger = useRoom((store) => store.trigger);
  const isOpen = useRoom((store) => store.dialog === 'trigger');
  const channels = useRoom((store) => store.channels);
  const whyNot = useWhyNot('scope.trigger');
  useTriggerHold(trigger);
  const nameOf = (id: string) => channels.find((channel) => channel.id === id)?.name ?? id;
  const levelOf = (id: string) => {
    const reading = engine.reading(id);
    return reading ? Number(((reading.min + reading.max) / 2).toPrecision(4)) : 0;
  };
  const isSet = trigger !== null && trigger.spec !== null && trigger.state !== 'off';
  const set = (dialog: 'trigger' | null) => useRoom.getState().set({ dialog });
  return (
    <>
      <Button
        {...keyProps('Alt+G')}
        className="trigger"
        title={isSet ? triggerText(trigger.spec!, nameOf) : undefined}
        onClick={() => set('trigger')}
        data-testid="trigger"
        data-state={trigger?.state ?? 'off'}
      >
        {isSet ? (
          <>
            <span className="clip">{triggerText(trigger.spec!, nameOf)}</span>
            <span className={tones[trigger.state]}>{`${trigger.state} · ${trigger.fired}`}</span>
          </>
        ) : (
          'Trigger…'
        )}
      </Button>
      {trigger?.problem && (
        <span className="bad-t clip" title={trigger.problem.hint}>
          {trigger.problem.message}
        </span>
      )}
      {isSet && (
        <Button
          small
          whyNot={whyNot}
          aria-label="Take the trigger away"
          onClick={() => void act((api) => api.signals.clearTrigger())}
        >
          ✕
        </Button>
      )}
      {isOpen && <TriggerDialog trigger={trigger} levelOf={levelOf} onClose={() => set(null)} />}
    </>
  );
}

/** Each whole window that the trigger catches is what the scopes hold, while its action says so. */
function useTriggerHold(trigger: TriggerState | null): void {
  const segment = trigger?.segment;
  const key = segment?.complete ? `${trigger?.arming} ${segment.number}` : null;
  // What was caught before this page looked is not news.
  const shown = useRef(key);
  useEffect(() => {
    if (key === null || key === shown.current) return;
    shown.current = key;
    if (trigger?.spec?.action !== 'hold' || !segment) return;
    useRoom.getState().setScope({ span: segment.to - segment.from, end: segment.to });
  }, [key, segment, trigger]);
}
