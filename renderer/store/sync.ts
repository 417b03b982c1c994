import { createApi, problemOf, type Api } from '../client/api.ts';
import { createBulkStreams } from '../client/bulk-streams.ts';
import type { Connection } from '../client/connection.ts';
import { createConnection } from '../client/connection.ts';
import type { Transport } from '../client/transport.ts';
import { useRoom } from './store.ts';
import { emptyScopeView } from './scope-view.ts';
import { noticeOf } from './session.ts';

const retryMs = 1_000;
const pingMs = 3_000;

/** Keeps the store in step with the host over every link that comes up. */
export function startSync(open: () => Promise<Transport>): Connection {
  let ending = new AbortController();
  return createConnection(open, {
    up: (transport) => {
      ending = new AbortController();
      const api = createApi(transport.control);
      const bulk = createBulkStreams(transport.bulk, () => transport.close());
      transport.onLost((reason) => {
        // First, so that nobody complains of what the banner says.
        useRoom.getState().setLink({
          is: 'lost',
          problem: { code: 'unavailable', message: reason, hint: '' },
          since: Date.now(),
        });
        ending.abort();
        bulk.lost(reason);
      });
      useRoom.getState().setLink({ is: 'up', api, bulk });
      void followRoom(api, ending.signal);
    },
    down: (problem) => {
      const { link, setLink } = useRoom.getState();
      setLink({ is: 'lost', problem, since: link.is === 'lost' ? link.since : Date.now() });
    },
    refused: (problem) => useRoom.getState().setLink({ is: 'refused', problem }),
  });
}

/** Follows the room; each incident that opens in it gets subscriptions of its own, which end with it. */
async function followRoom(api: Api, link: AbortSignal): Promise<void> {
  let incident: string | null = null;
  let ending: AbortController | null = null;
  link.addEventListener('abort', () => ending?.abort());
  void follow(
    link,
    (signal) => api.tasks.watch(undefined, { signal }),
    (tasks) => useRoom.getState().setHost({ tasks }),
  );
  void ping(api, link);
  await follow(
    link,
    (signal) => api.room.watch(undefined, { signal }),
    (room) => {
      const before = useRoom.getState().room?.incident ?? null;
      useRoom.getState().setRoom(room);
      if (room.incident !== before) enterIncident();
      if (room.incident === incident && ending) return;
      ending?.abort();
      incident = room.incident;
      ending = new AbortController();
      if (incident) followIncident(api, ending.signal);
    },
  );
}

function enterIncident(): void {
  const store = useRoom.getState();
  store.clearDocument();
  store.setChannels([]);
  store.setHost({
    devices: [],
    services: [],
    rig: null,
    faults: [],
    trigger: null,
    calibration: null,
    checks: null,
  });
  store.set({ lookAt: null, entry: null, selection: null, terminal: null });
  store.setScope({ end: null });
  store.setScopeView(emptyScopeView);
}

function followIncident(api: Api, ending: AbortSignal): void {
  const store = useRoom.getState();
  void follow(
    ending,
    (signal) => api.ledger.subscribe({ from: useRoom.getState().state.size }, { signal }),
    ({ entries, head }) => store.takeEntries(entries, head),
  );
  void follow(ending, (signal) => api.ledger.checkpoints(undefined, { signal }), store.setCheckpoint);
  void follow(ending, (signal) => api.capture.channels(undefined, { signal }), store.setChannels);
  void follow(
    ending,
    (signal) => api.devices.watch(undefined, { signal }),
    (devices) => store.setHost({ devices }),
  );
  void follow(
    ending,
    (signal) => api.services.watch(undefined, { signal }),
    (services) => store.setHost({ services }),
  );
  void follow(
    ending,
    (signal) => api.ladder.watchChecks(undefined, { signal }),
    (checks) => store.setHost({ checks }),
  );
  void follow(
    ending,
    (signal) => api.signals.watchFaults(undefined, { signal }),
    (faults) => store.setHost({ faults }),
  );
  void follow(
    ending,
    (signal) => api.signals.watchTrigger(undefined, { signal }),
    (trigger) => store.setHost({ trigger }),
  );
  void follow(
    ending,
    (signal) => api.calibration.watch(undefined, { signal }),
    (calibration) => store.setHost({ calibration }),
  );
  void follow(
    ending,
    (signal) => api.drill.watch(undefined, { signal }),
    (rig) => store.setHost({ rig }),
  );
}

/** Follows one stream of events until `ending`; one that breaks is begun again, and said once. */
async function follow<T>(
  ending: AbortSignal,
  start: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  take: (event: T) => void,
): Promise<void> {
  let told = false;
  // A call that is aborted tells the host so. Over a socket that is just closing it can't: that ends its calls itself,
  // a moment before this does.
  const calls = new AbortController();
  ending.addEventListener('abort', () => setTimeout(() => calls.abort()), { once: true });
  while (!ending.aborted) {
    try {
      for await (const event of await start(calls.signal)) {
        if (ending.aborted) return;
        take(event);
      }
    } catch (error) {
      const problem = ending.aborted ? null : problemOf(error);
      if (problem && !told) useRoom.getState().notify(...noticeOf(problem));
      told ||= problem !== null;
    }
    await pause(retryMs, ending);
  }
}

/** Measures the way to the host and back. */
async function ping(api: Api, ending: AbortSignal): Promise<void> {
  while (!ending.aborted) {
    const start = performance.now();
    try {
      await api.room.get(undefined, { signal: ending });
      useRoom.getState().setHost({ roundTrip: performance.now() - start });
    } catch {
      // The link's own loss is shown by its banner; a round trip that failed is no number.
      useRoom.getState().setHost({ roundTrip: null });
    }
    await pause(pingMs, ending);
  }
}

function pause(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ending.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
