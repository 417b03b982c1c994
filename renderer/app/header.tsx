import { allRungs, type State } from '../../common/incident/state.ts';
import { isMac, keyProps, shownKeys } from '../commands/keys.ts';
import { registry } from '../commands/registry.ts';
import { exportBundle } from '../commands/room-commands.ts';
import { hostNow } from '../store/link.ts';
import { currentRung, leadOf, roleName, seatName, useShownState, useWhyNot } from '../store/select.ts';
import { useRoom } from '../store/store.ts';
import { Button } from '../ui/button.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { duration, fullTime, grouped, spanTime } from '../ui/format.ts';
import { Pill } from '../ui/pill.tsx';
import { useTick } from '../ui/use-now.ts';

/** One line: what is broken, for how long, how far, who leads, and what the ledger's head is. */
export function Header() {
  const state = useShownState();
  const facts = state.incident;
  const room = useRoom((store) => store.room);
  const mayExport = useWhyNot('bundle.export');
  return (
    <header className="top">
      {facts ? (
        <>
          <span className={`sev sev-${facts.severity}`}>{`SEV ${facts.severity}`}</span>
          <h1 className="clip" data-testid="title">
            {facts.title}
          </h1>
          <span className="muted mono incident-id" title={facts.id}>
            {facts.id.slice(0, 8)}
          </span>
          <Clock declaredAt={facts.declaredAt} />
          <Pill tone="run">{progress(state)}</Pill>
          {facts.drill && <Pill tone="warn">Drill</Pill>}
        </>
      ) : (
        <h1>War Room</h1>
      )}
      <span className="push" />
      {facts && <LeadPill state={state} />}
      <LinkPill />
      {facts && <Recording />}
      {facts && <HeadPill />}
      {room && (
        <CopyText
          text={room.device.fingerprint}
          shown={room.device.fingerprint.slice(0, 8)}
          label="fingerprint of this device’s key"
        />
      )}
      <Button {...keyProps('Mod+K')} onClick={() => void registry.run('palette')} data-testid="open-palette">
        Commands <kbd>{shownKeys('Mod+K', isMac())}</kbd>
      </Button>
      {facts && (
        <Button whyNot={mayExport} onClick={() => void exportBundle()} data-testid="export">
          Export
        </Button>
      )}
    </header>
  );
}

function progress(state: State): string {
  const rung = currentRung(state);
  const decided = allRungs.filter((n) => !['open', 'locked'].includes(state.rungs[n].status)).length;
  const phase = state.incident ? roleName(state.incident.state) : '';
  return rung ? `${phase} · rung ${rung} of 5` : `${phase} · ${decided} of 5 decided`;
}

function Clock({ declaredAt }: { declaredAt: string }) {
  useTick(1000);
  const at = useRoom((store) => store.past?.at ?? null);
  const offset = useRoom((store) => store.clockOffset);
  const elapsed = (at ?? hostNow(offset)) / 1000 - Date.parse(declaredAt);
  return (
    <span className="clock" title={`since ${fullTime(declaredAt)}`} data-testid="clock">
      {spanTime(elapsed)}
    </span>
  );
}

function LeadPill({ state }: { state: State }) {
  const lead = leadOf(state);
  if (!lead) return <Pill tone="warn">No lead</Pill>;
  return (
    <Pill tone="human" title={seatName(state, lead.id)} className="lead-pill">
      {lead.role === 'lead' ? `Lead${lead.local ? ' · local' : ''}` : 'Technician leads'}
    </Pill>
  );
}

function LinkPill() {
  const link = useRoom((store) => store.link);
  const roundTrip = useRoom((store) => store.roundTrip);
  if (link.is !== 'up') return <Pill tone="bad">{link.is === 'connecting' ? 'Connecting' : 'No link'}</Pill>;
  return (
    <Pill tone="ok" mono className="link-pill">
      {roundTrip === null ? 'host' : `host ${duration(roundTrip)}`}
    </Pill>
  );
}

function Recording() {
  const isRecording = useShownCapture();
  return isRecording ? (
    <Pill tone="bad" mono>
      REC
    </Pill>
  ) : null;
}

function useShownCapture(): boolean {
  return Object.values(useShownState().captures).some(({ closed }) => !closed);
}

/** The ledger's last signed head: what a second person compares. */
function HeadPill() {
  const checkpoint = useRoom((store) => store.checkpoint);
  if (!checkpoint) return null;
  const { root, size } = checkpoint;
  return (
    <span data-testid="head">
      <CopyText
        text={root}
        shown={`✓ ${root.slice(0, 4)}…${root.slice(-4)} · ${grouped(size)}`}
        label="root of the last checkpoint"
        className="ok-t"
      />
    </span>
  );
}
