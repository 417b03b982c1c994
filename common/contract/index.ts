import { bundle } from './bundle.ts';
import { capture } from './capture.ts';
import { devices } from './devices.ts';
import { drill } from './drill.ts';
import { evidence } from './evidence.ts';
import { incident } from './incident.ts';
import { ladder } from './ladder.ts';
import { ledger } from './ledger.ts';
import { room } from './room.ts';
import { services } from './services.ts';
import { calibration } from './calibration.ts';
import { signals } from './signals.ts';
import { tasks } from './tasks.ts';
import { terminal } from './terminal.ts';

/** The whole API of a host: one file per service. A method not named here does not exist. */
export const contract = {
  room,
  incident,
  ledger,
  ladder,
  evidence,
  devices,
  services,
  capture,
  signals,
  calibration,
  terminal,
  drill,
  bundle,
  tasks,
};
export type Contract = typeof contract;
