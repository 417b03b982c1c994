/** One sentence for each type of entry: what the timeline says, and the scopes say of a mark. */
import { entryData, type DataOf, type EntryType } from '../../common/incident/entries.ts';
import { rungNames, type State } from '../../common/incident/state.ts';
import type { Entry, Rung } from '../../common/ledger/types.ts';
import { roleName, seatName } from './select.ts';

export interface Sentence {
  text: string;
  /** What state it tells of; the words say it too. */
  tone?: 'ok' | 'warn' | 'bad';
  /** Stands after it, fainter: an evidence label, a count. */
  ref?: string;
}

interface Context {
  entry: Entry;
  state: State;
  /** Who did it, by name. */
  who: string;
  rung: string;
}

type Say<T extends EntryType> = (data: DataOf<T>, context: Context) => string | Sentence;

/** The sentence of any entry. Types and shapes that are not known are named as they are. */
export function sentenceOf(entry: Entry, state: State): Sentence {
  const type = entry.head.type as EntryType;
  const parsed = type in entryData ? entryData[type].safeParse(entry.body.data) : null;
  if (!parsed?.success) return { text: `${type} (this page does not know its form)` };
  const say = sentences[type] as Say<never>;
  const said = say(parsed.data as never, contextOf(entry, state));
  return typeof said === 'string' ? { text: said } : said;
}

function contextOf(entry: Entry, state: State): Context {
  const { actor, rung } = entry.head;
  const who = actor.kind === 'human' ? seatName(state, actor.id) : actor.id;
  return { entry, state, who, rung: rung ? rungTitle(rung) : 'no rung' };
}

const rungTitle = (rung: Rung) => `rung ${rung} ${rungNames[rung]}`;
const short = (text: string, most = 90) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const toneOf = { pass: 'ok', warn: 'warn', fail: 'bad', error: 'warn', unknown: 'warn' } as const;
const foundWord = {
  pass: 'Passed',
  warn: 'Warning',
  fail: 'Failed',
  error: 'Check broke',
  unknown: 'Not known',
};

const sentences: { [T in EntryType]: Say<T> } = {
  'incident.declared': () => 'Incident declared; its ledger begins',
  'seat.joined': ({ seat, role, local }, { state }) =>
    `${seatName(state, seat)} took a seat as ${role}${local ? ' (local)' : ''}`,
  'seat.left': ({ seat }, { state }) => `${seatName(state, seat)} left`,
  'seat.named': ({ seat, name }) => `Seat ${seat.slice(0, 8)} is called ${name}`,
  'role.changed': ({ seat, role }, { state }) => `${seatName(state, seat)} is now ${role}`,
  'role.assumed': ({ seat, reason }, { state }) =>
    `${seatName(state, seat)} took the lead's powers: ${short(reason)}`,
  'incident.described': ({ title, severity, drill }) =>
    `${drill ? 'Drill' : 'Incident'} SEV ${severity}: ${short(title)}`,
  'incident.state': ({ to, reason }, { who }) => `${who} set the incident to ${to}: ${short(reason)}`,
  'host.started': ({ version, platform }) => `Host started (version ${version}, ${platform})`,
  'host.stopped': ({ reason }) => `Host stopped: ${short(reason)}`,
  'clock.step': ({ byMs }) => ({ text: `The wall clock stepped by ${byMs} ms`, tone: 'warn' }),
  'device.connected': ({ name, link }) => ({ text: `${name} connected on ${link}`, tone: 'ok' }),
  'device.disconnected': ({ device, reason }, { state }) => ({
    text: `${state.devices[device]?.name ?? device} disconnected: ${short(reason)}`,
    tone: 'bad',
  }),
  'device.calibrated': ({ channel, points, rms, says }, { who }) => ({
    text: `${who} calibrated ${channel} with ${points.length - 1} weights, rms ${rms.toPrecision(2)} g${says.map((say) => `; ${short(say)}`).join('')}`,
    tone: says.length > 0 ? 'warn' : 'ok',
  }),
  'capture.derived': ({ id, expression }, { who }) => `${who} added ${id} = ${short(expression)}`,
  'capture.removed': ({ id }, { who }) => `${who} removed the channel ${id}`,
  'capture.triggered': ({ why }) => `Trigger: ${short(why, 140)}`,
  'device.channels': ({ device, channels }, { state }) =>
    `${state.devices[device]?.name ?? device} has ${channels.length} channels`,
  'device.clock': ({ device, drift, driftUncertainty, jumpedBy }, { state }) => ({
    text: `${state.devices[device]?.name ?? device}: its clock runs ${Math.abs(drift).toFixed(1)} ppm ${drift < 0 ? 'slow' : 'fast'}${jumpedBy === undefined ? '' : `, and jumped by ${(jumpedBy / 1000).toFixed(1)} ms`}`,
    ...(jumpedBy === undefined ? {} : { tone: 'warn' as const }),
    ref: `± ${driftUncertainty.toFixed(1)} ppm`,
  }),
  'capture.started': ({ channels }) => `Recording ${channels.length} channels`,
  'capture.closed': ({ file }) => `Recording ${file} closed`,
  'capture.exported': ({ file }) => `Recording ${file}: the part so far goes into the bundle`,
  'capture.recovered': ({ file, chunksLost, bytesLost }) => ({
    text: `Recording ${file} recovered, ${chunksLost} chunks and ${bytesLost} bytes lost`,
    tone: chunksLost + bytesLost > 0 ? 'bad' : 'ok',
  }),
  'check.found': ({ check, result, says }, { who, rung }) => ({
    text: `${foundWord[result]} on ${rung}: ${short(says, 140)}${check === 'by-hand' ? ` (${who})` : ''}`,
    tone: toneOf[result],
  }),
  'check.started': ({ checks }, { who }) =>
    `${who} runs ${checks.length} check${checks.length === 1 ? '' : 's'}`,
  'check.ended': ({ found, cancelled }) =>
    `Checks ${cancelled ? 'called off' : 'ended'}, ${found} finding${found === 1 ? '' : 's'}`,
  'incident.profiled': ({ name }, { who }) => `${who}: the system under watch is ${name}`,
  'check.cleared': ({ fault, channel, from, to, times }) => ({
    text: `No longer seen: ${fault} on ${channel}, after ${((to - from) / 1e6).toFixed(1)} s${times > 1 ? ` and ${times} times` : ''}`,
    tone: 'ok',
  }),
  'rung.decided': ({ decision, reason, basis }, { who, rung }) => ({
    text: `${who}: ${rung} is ${decision}: ${short(reason)}`,
    tone: decision === 'eliminated' ? 'ok' : decision === 'implicated' ? 'bad' : 'warn',
    ref: `${basis.length} as basis`,
  }),
  'rung.reopened': ({ reason }, { who, rung }) => `${who} re-opened ${rung}: ${short(reason)}`,
  'session.started': ({ shell }, { who }) => `${who} opened a shell (${shell})`,
  'session.exported': () => 'Shell: the part so far goes into the bundle',
  'session.ended': ({ exit, signal }) =>
    signal ? `Shell ended by ${signal}` : exit === null ? 'Shell ended' : `Shell ended with ${exit}`,
  'command.started': ({ line }, { who }) => `${who} ran ${short(line)}`,
  'command.ended': ({ command, exit, ms }, { state }) => ({
    text: `${short(state.commands[command]?.line ?? 'Command')} → ${exit === null ? 'exit not known' : `exit ${exit}`}`,
    ...(exit === 0 ? {} : { tone: exit === null ? ('warn' as const) : ('bad' as const) }),
    ref: `${Math.round(ms)} ms`,
  }),
  'evidence.kept': ({ kind, name }, { entry, state, who }) => ({
    text: `${who} kept a ${kind}: ${short(name)}${entry.head.rung ? ` on rung ${entry.head.rung}` : ''}`,
    ref: state.evidence.find((kept) => kept.id === entry.head.id)?.label ?? '',
  }),
  'note.written': ({ text }, { who }) => `${who}: ${short(text, 200)}`,
  'gap.lost': ({ what, reason, count }) => ({
    text: `Lost from the ${what}${count === undefined ? '' : ` (${count})`}: ${short(reason)}`,
    tone: 'bad',
  }),
  'drill.started': ({ seed, scenario }) => `Drill started: ${scenario}, seed ${seed}`,
  'drill.fault': ({ fault, on, target, severity }, { who }) => ({
    text: `${roleName(who)} switched fault ${fault}${target ? ` (${[target, severity].filter(Boolean).join(', ')})` : ''} ${on ? 'on' : 'off'}`,
    tone: 'warn',
  }),
  'drill.stopped': ({ reason }) => `Drill stopped: ${short(reason)}`,
  'postmortem.drafted': ({ template }, { who }) => `${who} drafted the postmortem (${template})`,
  'bundle.written': ({ bytes, sha256 }) =>
    `The bundle is written: ${bytes} bytes, SHA-256 ${sha256.slice(0, 16)}…`,
  'bundle.failed': ({ reason }) => ({ text: `The bundle was not written: ${reason}`, tone: 'warn' }),
  'bundle.exported': ({ name, size, root }, { who }) => ({
    text: `${who} exported ${name}: ${size} entries`,
    ref: `${root.slice(0, 8)}…`,
  }),
};
