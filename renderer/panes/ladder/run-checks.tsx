import { keyProps } from '../../commands/keys.ts';
import { callOffChecks, runAllChecks, whyNoChecks } from '../../store/checks.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';

/** Runs every check that alters nothing, and shows how far they are. */
export function RunChecks() {
  const run = useRoom((store) => store.checks?.run ?? null);
  const whyNot = useRoom(whyNoChecks);
  if (run)
    return (
      <Button onClick={callOffChecks} data-testid="stop-checks">
        {`${run.total - run.waiting.length} of ${run.total} · Stop`}
      </Button>
    );
  return (
    <Button {...keyProps('Alt+R')} whyNot={whyNot} onClick={runAllChecks} data-testid="run-checks">
      Run all
    </Button>
  );
}
