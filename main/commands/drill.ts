import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { State } from '../../common/incident/state.ts';
import { allRungs } from '../../common/incident/state.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import type { Rung } from '../../common/ledger/types.ts';
import type { BulkStream, Call } from '../platform/call.ts';
import { createNodePlatform } from '../platform/node/index.ts';
import { log, print } from '../platform/say.ts';
import { createWarRoom, type WarRoom } from '../warroom.ts';
import { makeupOf, type MakeupOptions } from './rig-makeup.ts';

const windowMicros = 3_000_000;
const stepLimitMs = 20_000;

export interface DrillOptions extends MakeupOptions {
  export: string;
  seed?: number;
  data?: string;
}

/** `warroom drill --export FILE`: plays a short drill on the real rig without a page, and writes its bundle. */
export async function playDrill(options: DrillOptions): Promise<void> {
  const makeup = makeupOf(options);
  const dataDir = options.data ?? (await mkdtemp(join(tmpdir(), 'warroom-drill-')));
  const target = resolve(process.env.INIT_CWD ?? process.cwd(), options.export);
  const platform = createNodePlatform({ dataDir });
  const warRoom = await createWarRoom({ platform, dataDir, ephemeral: true, log });
  try {
    await warRoom.beginDrill(options.seed ?? 1, makeup);
    const script = createScript(warRoom, platform.clock.now);
    await script.play();
    const exported = await script.exportBundle();
    await mkdir(dirname(target), { recursive: true });
    await copyFile(exported, target).catch((error: unknown) => {
      throw fromSystem(error, `Writing ${target}`);
    });
    log(`The bundle is ${target}; it is signed by:`);
    // Alone on standard output: what `verify --trust` takes.
    print(warRoom.deviceVkey);
  } finally {
    await warRoom.close();
    if (!options.data) await rm(dataDir, { recursive: true, force: true });
  }
  process.exit(0);
}

/** What a technician would do, as calls of the contract in the host's own seat. */
function createScript(warRoom: WarRoom, now: () => number) {
  const { handlers, room } = warRoom;
  const caller = warRoom.caller(warRoom.hostSeat, () => keyboard.stream);
  const keyboard = createKeyboard();
  const call = (): Call => caller.call('drill', 'read', null, undefined);
  const state = () => room.state();

  async function captureWindow(): Promise<string> {
    const { capture } = room.parts();
    const ids = await until(
      'all channels of the rig have three seconds of samples',
      () => {
        const channels = capture.channels.get();
        const ready = channels.filter(
          ({ first, last, kind }) => kind === 'step' || last - first > windowMicros,
        );
        return channels.length >= 5 && ready.length === channels.length ? channels.map(({ id }) => id) : null;
      },
      (wake) => repeat(() => wake()),
    );
    const to = now();
    const kept = await handlers.evidence.keepWindow(
      { name: 'Three seconds of all channels', channels: ids, from: to - windowMicros, to, rung: 3 },
      call(),
    );
    return kept.id;
  }

  async function runCommand(line: string): Promise<string> {
    const before = new Set(Object.keys(state().commands));
    keyboard.type(`${line}\n`);
    return untilState(`the command ended: ${line}`, (current) => {
      const command = Object.values(current.commands).find(({ id }) => !before.has(id));
      return command?.ended ? command.id : null;
    });
  }

  async function untilState<T>(what: string, look: (state: State) => T | null): Promise<T> {
    const ledger = room.ledger();
    return until(
      what,
      () => look(ledger.state),
      (wake) => ledger.onCommit(wake),
    );
  }

  async function decide(rung: Rung, says: string, basis: string[]): Promise<void> {
    const finding = await handlers.ladder.addFinding({ rung, result: 'pass', says }, call());
    const decision = rung === 5 ? 'implicated' : 'eliminated';
    await handlers.ladder.decide({ rung, decision, reason: says, basis: [finding.id, ...basis] }, call());
  }

  return {
    async play(): Promise<void> {
      const { session } = await handlers.terminal.open({ cols: 100, rows: 30 }, call());
      await handlers.terminal.attach({ session }, call());
      const cv = warRoom.rigServices().find(({ name }) => name === 'cv')?.url ?? '';
      const command = await runCommand(`echo "asking ${cv}"; curl -s ${cv}/health || echo "no curl here"`);
      const output = await handlers.evidence.keepCommand({ command, rung: 1 }, call());
      const trace = await captureWindow();
      const note = await handlers.evidence.keepNote(
        { name: 'What was seen', text: 'The traces are clean.', rung: 2 },
        call(),
      );
      await handlers.drill.fault({ fault: 'unplug', on: true, target: 'cell-b' }, call());
      await untilState('the unplugged cell was noticed', ({ devices }) =>
        devices['cell-b']?.connected === false ? true : null,
      );
      await handlers.drill.fault({ fault: 'unplug', on: false }, call());
      await untilState('the cell is back and its gap written down', ({ gaps }) => gaps[0] ?? null);
      const basis: Record<Rung, string[]> = { 1: [output.id], 2: [note.id], 3: [trace], 4: [], 5: [] };
      for (const rung of allRungs) await decide(rung, findings[rung], basis[rung]);
      await handlers.terminal.close({ session }, call());
    },
    async exportBundle(): Promise<string> {
      const { task } = await handlers.bundle.export(undefined, call());
      for await (const list of warRoom.tasks.list.watch()) {
        const found = list.find(({ id }) => id === task);
        if (found?.state === 'done') return String(found.result?.file);
        if (found && found.state !== 'running')
          throw new WarroomError(
            'internal',
            `The export failed: ${found.problem?.message ?? found.state}`,
            found.problem?.hint,
          );
      }
      throw new WarroomError('internal', 'The export ended without a result.');
    },
  };
}

const findings: Record<Rung, string> = {
  1: 'The rows claimed are in the table.',
  2: 'A fresh session answers the same.',
  3: 'Every tool answers; cell B was unplugged and came back, its gap is known.',
  4: 'The interfaces have the shape they had.',
  5: 'With 1 to 4 eliminated, the model is what is left.',
};

/** The script's end of its terminal: types, and takes all that is printed. */
function createKeyboard() {
  let take: (payload: Uint8Array) => void | Promise<void> = () => undefined;
  const stream: BulkStream = {
    id: 1,
    credit: Number.MAX_SAFE_INTEGER,
    send: () => undefined,
    onCredit: () => undefined,
    onData: (listener) => void (take = listener),
    onEnd: () => undefined,
    onClose: () => undefined,
    end: () => undefined,
    fail: (message) => log(`The terminal failed: ${message}`),
  };
  return { stream, type: (text: string) => void take(new TextEncoder().encode(text)) };
}

function repeat(work: () => void): () => void {
  const timer = setInterval(work, 100);
  return () => clearInterval(timer);
}

/** Resolves with what `look` finds, looking each time `listen` wakes it. Rejects after 20 seconds, naming what was due. */
async function until<T>(
  what: string,
  look: () => T | null,
  listen: (wake: () => void) => () => void,
): Promise<T> {
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const attempt = () => {
        const found = look();
        if (found !== null) resolve(found);
      };
      timer = setTimeout(
        () => reject(new WarroomError('unavailable', `The drill waited in vain: ${what}.`)),
        stepLimitMs,
      );
      stop = listen(attempt);
      attempt();
    });
  } finally {
    clearTimeout(timer);
    stop();
  }
}
