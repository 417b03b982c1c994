import { setTimeout as pause } from 'node:timers/promises';
import type { DeviceHealth } from '../../../../common/contract/devices.ts';
import type { SignalFault } from '../../../../common/contract/signals.ts';
import { utf8 } from '../../../../common/lib/bytes.ts';
import type { Check, CheckEvidence, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';

/** Share of its lines that a link may spoil: a plug that is touched does that. */
const mostRejected = 0.05;
/** How long its lines are counted, milliseconds. */
const lookMs = 2_000;

/** Whether a sensor is heard, its lines are whole, and its signal shows none of the named faults. */
export const deviceCheck: Check = {
  id: 'tools.device',
  rung: 3,
  title: 'Device is heard and healthy',
  effect: 'none',
  subjects: ({ devices }) => devices.map(({ id }) => id),
  async run(subject, context) {
    const before = find(subject, context);
    if (!before) return notHere(subject);
    if (before.state === 'connected') await pause(lookMs, undefined, { signal: context.signal });
    const device = find(subject, context) ?? before;
    const faults = context.faults().filter((fault) => fault.device === subject);
    const rejected = device.rejectedLines - before.rejectedLines;
    return { ...verdict(device, faults, rejected), evidence: [healthEvidence(device, faults)] };
  },
};

const find = (id: string, context: CheckContext) => context.devices().find((device) => device.id === id);

function notHere(id: string): Found {
  return {
    result: 'unknown',
    says: `${id} is not connected here, so nothing can be told of it.`,
    next: 'Connect it under Devices, then run this again.',
  };
}

function verdict(device: DeviceHealth, faults: SignalFault[], rejected: number): Found {
  const { name, state, problem, channels } = device;
  if (state === 'stopped' || state === 'connecting')
    return {
      result: 'unknown',
      says: `${name} is ${state === 'stopped' ? 'disconnected on request' : 'being connected'}, so nothing can be told of it.`,
      next: 'Connect it under Devices, then run this again.',
    };
  if (state !== 'connected')
    return {
      result: 'fail',
      says: `${name} is not heard: ${problem?.message ?? state}`,
      next: problem?.hint || 'Check plug, power and cable.',
      rulesOut: `No value of ${name} since then says anything.`,
    };
  const [fault] = [...faults].sort((a, b) => b.confidence - a.confidence);
  if (fault)
    return {
      result: 'fail',
      says: `${name}: ${fault.title}. ${fault.says}.${faults.length > 1 ? ` ${faults.length - 1} more named.` : ''}`,
      next: fault.next,
      rulesOut: fault.rulesOut,
    };
  const accepted = (device.linesPerSecond * lookMs) / 1000;
  const spoiled = rejected / Math.max(1, rejected + accepted);
  if (spoiled > mostRejected)
    return {
      result: 'warn',
      says: `${name}: ${Math.round(spoiled * 100)} % of what it sends is no line of ${device.dialect} (${rejected} of the last ${Math.round(rejected + accepted)}).`,
      next: 'Look at its raw bytes: a wrong rate, a wrong dialect or a bad cable.',
    };
  return {
    result: 'pass',
    says: `${name} is heard: ${device.linesPerSecond.toFixed(1)} lines/s on ${channels.length} channel${channels.length === 1 ? '' : 's'}, ${device.rejectedLines} rejected, ${device.gaps.count} gaps, no named fault.`,
    rulesOut: `That ${name} is silent or shows one of the named faults now.`,
  };
}

function healthEvidence(device: DeviceHealth, faults: SignalFault[]): CheckEvidence {
  const text = JSON.stringify({ device, faults }, null, 2);
  return { name: `${device.id}-health.json`, media: 'application/json', bytes: utf8(text) };
}
