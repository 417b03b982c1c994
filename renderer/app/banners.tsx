import { returnToNow } from '../store/seek.ts';
import { useRoom } from '../store/store.ts';
import { Button } from '../ui/button.tsx';
import { clockTime, grouped } from '../ui/format.ts';
import { useTick } from '../ui/use-now.ts';

/** What must not be overlooked: a lost link, a view of the past, a weak key store. */
export function Banners({ retry }: { retry(): void }) {
  const link = useRoom((store) => store.link);
  const lookAt = useRoom((store) => store.lookAt);
  const warning = useRoom((store) => store.room?.keyStore.warning ?? null);
  return (
    <>
      {link.is === 'lost' && <LostLink since={link.since} message={link.problem.message} retry={retry} />}
      <CatchingUp />
      {lookAt !== null && (
        <div className="banner run" role="status">
          <span>{`You are looking at ${clockTime(lookAt)} UTC.`}</span>
          <Button onClick={returnToNow}>Return to now</Button>
        </div>
      )}
      {warning && <KeyWarning warning={warning} />}
    </>
  );
}

interface LostLinkProps {
  since: number;
  message: string;
  retry(): void;
}

function LostLink({ since, message, retry }: LostLinkProps) {
  useTick(1000);
  return (
    <div className="banner bad" role="alert">
      <b>The link to the host is lost</b>
      <span>{`${Math.floor((Date.now() - since) / 1000)} s ago. ${message} What you see is as it was then.`}</span>
      <Button onClick={retry}>Try now</Button>
    </div>
  );
}

/** Fewer are there before anybody could read a banner. */
const manyEntries = 1000;

/** A long ledger takes a moment to read: until then the panes show less than there is. */
function CatchingUp() {
  const size = useRoom((store) => store.state.size);
  const head = useRoom((store) => store.head);
  if (head - size < manyEntries) return null;
  return (
    <div className="banner run" role="status">
      <progress value={size} max={head} aria-label="Reading the ledger" />
      <span>{`Reading the ledger: ${grouped(size)} of ${grouped(head)} entries. The panes show these so far.`}</span>
    </div>
  );
}

function KeyWarning({ warning }: { warning: string }) {
  const isSeen = useRoom((store) => store.keyWarningSeen);
  if (isSeen) return null;
  return (
    <div className="banner warn">
      <span className="clip" title={warning}>
        {warning}
      </span>
      <Button onClick={() => useRoom.getState().set({ keyWarningSeen: true })}>Understood</Button>
    </div>
  );
}
