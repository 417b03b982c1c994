import type { contract } from '../../common/contract/index.ts';
import type { Task } from '../../common/contract/tasks.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { Handlers } from '../platform/call.ts';

/** What a running task may do with its own record. */
export interface TaskControl {
  signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
}

const keptAfterEnd = 20;

/** Long work with progress and cancel. It outlives the page that started it; every seat sees it. */
export function createTasks(newId: () => string) {
  const list = createWatchable<Task[]>([]);
  const aborts = new Map<string, AbortController>();
  const endings = new Set<Promise<void>>();

  const update = (id: string, change: Partial<Task>) =>
    list.set(list.get().map((task) => (task.id === id ? { ...task, ...change } : task)));

  async function run(
    id: string,
    work: (control: TaskControl) => Promise<Record<string, unknown>>,
    abort: AbortController,
  ) {
    const progress = (done: number, total: number, message: string) => update(id, { done, total, message });
    try {
      const result = await work({ signal: abort.signal, progress });
      update(id, { state: 'done', result, message: '' });
    } catch (error) {
      update(
        id,
        abort.signal.aborted
          ? { state: 'cancelled', message: 'Cancelled.' }
          : { state: 'failed', problem: problemOf(error) },
      );
    } finally {
      aborts.delete(id);
    }
  }

  return {
    list,
    /** Starts `work` and answers its id at once. */
    start(title: string, work: (control: TaskControl) => Promise<Record<string, unknown>>): string {
      const id = newId();
      const abort = new AbortController();
      aborts.set(id, abort);
      const task: Task = {
        id,
        title,
        state: 'running',
        done: 0,
        total: 0,
        message: '',
        problem: null,
        result: null,
      };
      const over = list.get().filter(({ state }) => state !== 'running').length - keptAfterEnd;
      let dropped = 0;
      const kept = list.get().filter(({ state }) => state === 'running' || dropped++ >= over);
      list.set([...kept, task]);
      const ending = run(id, work, abort);
      endings.add(ending);
      void ending.then(() => endings.delete(ending));
      return id;
    },
    get: (id: string) => list.get().find((task) => task.id === id),
    cancel(id: string): void {
      const abort = aborts.get(id);
      if (!abort) throw new WarroomError('not-found', 'No such task is running.');
      abort.abort();
    },
    /** Resolves when all of them have ended, each with what it does last. */
    async cancelAll(): Promise<void> {
      for (const abort of aborts.values()) abort.abort();
      await Promise.all(endings);
    },
  };
}
export type Tasks = ReturnType<typeof createTasks>;

export function createTasksApi(tasks: Tasks): Handlers<typeof contract.tasks> {
  return {
    watch: (_input, call) => tasks.list.watch(call.signal),
    cancel: ({ task }) => {
      tasks.cancel(task);
      return {};
    },
  };
}

function problemOf(error: unknown): Task['problem'] {
  if (error instanceof WarroomError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: 'internal', message: messageOf(error), hint: '' };
}
