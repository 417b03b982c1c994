import { useEffect } from 'react';
import type { Task } from '../../common/contract/tasks.ts';
import { act } from '../store/act.ts';
import { useRoom } from '../store/store.ts';
import { Button } from '../ui/button.tsx';
import { CopyText } from '../ui/copy-text.tsx';

const goodNewsMs = 4000;

/** Refusals, failures and good news, and long work with its progress: at the foot of the room. */
export function Notices() {
  const notices = useRoom((store) => store.notices);
  const tasks = useRoom((store) => store.tasks);
  const shown = useRoom((store) => store.shownTasks);
  const dismiss = useRoom((store) => store.dismiss);
  const good = notices.find(({ tone }) => tone === 'good')?.id;
  useEffect(() => {
    // Good news goes by itself; what went wrong stays until it was read.
    if (good === undefined) return;
    const timer = setTimeout(() => dismiss(good), goodNewsMs);
    return () => clearTimeout(timer);
  }, [good, dismiss]);
  return (
    <div className="notices">
      {tasks
        .filter((task) => shown.includes(task.id))
        .map((task) => (
          <TaskCard key={task.id} task={task} />
        ))}
      {notices.map(({ id, tone, message, hint }) => (
        <div
          key={id}
          className={`notice ${tone}`}
          role={tone === 'bad' ? 'alert' : 'status'}
          data-testid="notice"
        >
          <div>
            <span>{message}</span>
            {hint && <div className="muted">{hint}</div>}
          </div>
          <Button small aria-label="Dismiss" onClick={() => dismiss(id)}>
            ✕
          </Button>
        </div>
      ))}
    </div>
  );
}

function TaskCard({ task }: { task: Task }) {
  const { set, shownTasks } = useRoom.getState();
  const hide = () => set({ shownTasks: shownTasks.filter((id) => id !== task.id) });
  return (
    <div className="notice" role="status" data-testid="task" data-state={task.state}>
      <div className="stack grow">
        <b>{`${task.title}: ${task.state}`}</b>
        {task.state === 'running' && <Running task={task} />}
        {task.problem && (
          <span className="bad-t">
            {task.problem.message} <span className="muted">{task.problem.hint}</span>
          </span>
        )}
        {task.state === 'done' && <Exported task={task} />}
      </div>
      {task.state !== 'running' && (
        <Button small aria-label="Dismiss" onClick={hide}>
          ✕
        </Button>
      )}
    </div>
  );
}

function Running({ task }: { task: Task }) {
  return (
    <div className="row">
      <progress {...(task.total > 0 && { value: task.done, max: task.total })} aria-label={task.title} />
      <span className="muted">{task.message}</span>
      <Button small onClick={() => void act((api) => api.tasks.cancel({ task: task.id }))}>
        Cancel
      </Button>
    </div>
  );
}

/** Where the bundle is, and how another person checks it. */
function Exported({ task }: { task: Task }) {
  const vkey = useRoom((store) => store.room?.device.vkey ?? '');
  const { name, root, size, file } = task.result as {
    name: string;
    root: string;
    size: number;
    file: string;
  };
  const command = `npm run -s warroom -- verify '${file}' --trust '${vkey}'`;
  const download = async () => {
    const answer = await act((api) => api.bundle.ticket({ task: task.id }));
    if (answer) window.location.assign(answer.path);
  };
  return (
    <>
      <span className="mono clip" title={file} data-testid="bundle-file">
        {file}
      </span>
      <span className="muted">{`Checkpoint ${size}, root ${root.slice(0, 16)}…`}</span>
      <div className="row">
        <Button look="primary" onClick={() => void download()}>
          {`Download ${name.slice(0, 16)}…zip`}
        </Button>
        <CopyText text={command} shown="Copy the command that checks it" label="command" />
      </div>
    </>
  );
}
