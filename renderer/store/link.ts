import type { StateCreator } from 'zustand/vanilla';
import type { CaptureChannel } from './channels.ts';
import type { DeviceHealth } from '../../common/contract/devices.ts';
import type { RigState } from '../../common/contract/drill.ts';
import type { RoomState } from '../../common/contract/room.ts';
import type { ServiceHealth } from '../../common/contract/services.ts';
import type { CalibrationState } from '../../common/contract/calibration.ts';
import type { SignalFault, TriggerState } from '../../common/contract/signals.ts';
import type { ChecksState } from '../../common/contract/ladder.ts';
import type { Task } from '../../common/contract/tasks.ts';
import type { Api, Problem } from '../client/api.ts';
import type { BulkStreams } from '../client/bulk-streams.ts';
import { channelsWithRates } from './channels.ts';
import type { RoomStore } from './store.ts';

export type LinkState =
  | { is: 'connecting' }
  | { is: 'up'; api: Api; bulk: BulkStreams }
  | { is: 'lost'; problem: Problem; since: number }
  | { is: 'refused'; problem: Problem };

/** What the host tells of itself, its devices and its work. Gone with the link; asked anew when it is back. */
export interface LinkSlice {
  link: LinkState;
  /** Round trip to the host, milliseconds. */
  roundTrip: number | null;
  room: RoomState | null;
  /** Host time minus this page's monotonic time, microseconds. */
  clockOffset: number;
  checkpoint: { size: number; root: string } | null;
  devices: DeviceHealth[];
  services: ServiceHealth[];
  channels: CaptureChannel[];
  rig: RigState | null;
  /** The named faults that the sensors show now. */
  faults: SignalFault[];
  trigger: TriggerState | null;
  calibration: CalibrationState | null;
  /** What there is to check, and the run that is under way. */
  checks: ChecksState | null;
  tasks: Task[];
  setLink(link: LinkState): void;
  setRoom(room: RoomState): void;
  setCheckpoint(checkpoint: { size: number; root: string }): void;
  setChannels(channels: Omit<CaptureChannel, 'perSecond' | 'since'>[]): void;
  setHost(
    change: Partial<
      Pick<
        LinkSlice,
        | 'devices'
        | 'services'
        | 'rig'
        | 'faults'
        | 'trigger'
        | 'calibration'
        | 'checks'
        | 'tasks'
        | 'roundTrip'
      >
    >,
  ): void;
}

export const createLinkSlice: StateCreator<RoomStore, [], [], LinkSlice> = (set) => ({
  link: { is: 'connecting' },
  roundTrip: null,
  room: null,
  clockOffset: Date.now() * 1000 - pageMicros(),
  checkpoint: null,
  devices: [],
  services: [],
  channels: [],
  rig: null,
  faults: [],
  trigger: null,
  calibration: null,
  checks: null,
  tasks: [],
  setLink: (link) => set({ link }),
  setRoom: (room) =>
    set({
      room,
      clockOffset: room.now - pageMicros(),
      checkpoint: room.root ? { size: room.root.size, root: room.root.hash } : null,
    }),
  setCheckpoint: (checkpoint) => set({ checkpoint }),
  setChannels: (channels) => set((store) => ({ channels: channelsWithRates(store.channels, channels) })),
  setHost: (change) => set(change),
});

function pageMicros(): number {
  return performance.now() * 1000;
}

/** The host's present, microseconds since 1970. */
export function hostNow(offset: number): number {
  return offset + pageMicros();
}
