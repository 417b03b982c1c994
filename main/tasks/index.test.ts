import { describe, expect, it } from 'vitest';
import { technician } from '../../test/fakes/memory-ledger.ts';
import { callBy } from '../../test/fakes/call.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createTasks, createTasksApi, type TaskControl } from './index.ts';

function tasksHere() {
  let ids = 0;
  return createTasks(() => `t${++ids}`);
}
type Tasks = ReturnType<typeof tasksHere>;

/** Resolves when the task has ended. */
async function ended(tasks: Tasks, id: string) {
  for await (const list of tasks.list.watch()) {
    const task = list.find((candidate) => candidate.id === id);
    if (task && task.state !== 'running') return task;
  }
  throw new Error('The list ended.');
}

/** Work that is ended by the test. */
function byHand() {
  let finish: (result: Record<string, unknown>) => void = () => undefined;
  let control: TaskControl | undefined;
  const work = (given: TaskControl) => {
    control = given;
    return new Promise<Record<string, unknown>>((resolve, reject) => {
      finish = resolve;
      given.signal.addEventListener('abort', () => reject(new Error('stopped half-way')));
    });
  };
  return { work, finish: (result: Record<string, unknown>) => finish(result), control: () => control! };
}

describe('a task', () => {
  it('is listed at once, tells its progress and keeps its result', async () => {
    const tasks = tasksHere();
    const { work, finish, control } = byHand();
    const id = tasks.start('Export', work);
    expect(tasks.get(id)).toEqual({
      id,
      title: 'Export',
      state: 'running',
      done: 0,
      total: 0,
      message: '',
      problem: null,
      result: null,
    });
    control().progress(3, 9, 'Hashing');
    expect(tasks.get(id)).toMatchObject({ done: 3, total: 9, message: 'Hashing' });
    finish({ file: 'x' });
    expect(await ended(tasks, id)).toMatchObject({ state: 'done', result: { file: 'x' }, problem: null });
    expect(() => tasks.cancel(id)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('that fails says what happened and what to do', async () => {
    const tasks = tasksHere();
    const known = tasks.start('a', () => Promise.reject(new WarroomError('no-space', 'Full.', 'Free some.')));
    expect(await ended(tasks, known)).toMatchObject({
      state: 'failed',
      problem: { code: 'no-space', message: 'Full.', hint: 'Free some.' },
    });
    const mistake = tasks.start('b', () => {
      throw new TypeError('x is not a function');
    });
    expect(await ended(tasks, mistake)).toMatchObject({
      state: 'failed',
      problem: { code: 'internal', message: 'x is not a function' },
    });
  });

  it('that is cancelled says only that', async () => {
    const tasks = tasksHere();
    const id = tasks.start('a', byHand().work);
    tasks.cancel(id);
    expect(await ended(tasks, id)).toMatchObject({ state: 'cancelled', problem: null });
  });

  it('that ends well although it was cancelled late is done', async () => {
    const tasks = tasksHere();
    const id = tasks.start('a', async ({ signal }) => {
      tasks.cancel('t1');
      return { aborted: signal.aborted };
    });
    expect(await ended(tasks, id)).toMatchObject({ state: 'done', result: { aborted: true } });
  });

  it('has done what it does last when all were cancelled', async () => {
    const tasks = tasksHere();
    const said: string[] = [];
    const id = tasks.start('a', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      said.push('last words');
      throw new Error('stopped');
    });
    await tasks.cancelAll();
    expect(said).toEqual(['last words']);
    expect(tasks.get(id)).toMatchObject({ state: 'cancelled' });
  });

  it('is listed while it runs, however many came after it', async () => {
    const tasks = tasksHere();
    const long = byHand();
    const id = tasks.start('long', long.work);
    for (let i = 0; i < 30; i++)
      await ended(
        tasks,
        tasks.start('short', async () => ({ i })),
      );
    expect(tasks.get(id)).toMatchObject({ state: 'running' });
    const results = tasks.list.get().flatMap(({ result }) => (result ? [result.i] : []));
    expect([results.length, results.at(-1)]).toEqual([21, 29]);
    await tasks.cancelAll();
    expect(await ended(tasks, id)).toMatchObject({ state: 'cancelled' });
  });
});

describe('the tasks of a room', () => {
  it('are watched and cancelled by every seat', async () => {
    const tasks = tasksHere();
    const handlers = createTasksApi(tasks);
    const call = callBy(technician);
    const id = tasks.start('a', byHand().work);
    expect(await firstOf(handlers.watch(undefined, call))).toMatchObject([{ id, state: 'running' }]);
    expect(await handlers.cancel({ task: id }, call)).toEqual({});
    expect((await ended(tasks, id)).state).toBe('cancelled');
    expect(() => handlers.cancel({ task: 'no such' }, call)).toThrow(/No such task/);
  });
});

async function firstOf<T>(source: AsyncIterable<T> | Promise<AsyncIterable<T>>): Promise<T | null> {
  for await (const value of await source) return value;
  return null;
}
