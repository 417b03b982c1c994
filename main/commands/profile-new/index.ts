import { Document } from 'yaml';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { loadProfile } from '../../../common/profile/index.ts';
import type { PortInfo } from '../../../common/wire/device-messages.ts';
import { oneLine, writeNotes, type Draft, type Note } from './notes.ts';
import { describePort, draftPort, type Ports } from './port.ts';
import { draftService } from './service.ts';
import { draftTable } from './table.ts';
import { toFillIn } from './to-fill-in.ts';

export interface NewProfileOptions {
  name: string;
  urls: string[];
  /** Path of the OpenAPI documents. */
  openapi: string;
  /** Serial ports to listen at. */
  ports: string[];
  /** Addresses of tables, and the environment variable with their key. */
  tables: string[];
  keyName: string;
  timeoutMs: number;
}

export interface NewProfileDeps {
  ports: Ports;
  environment: Record<string, string | undefined>;
}

type Part = Record<string, unknown>;

const head = `# yaml-language-server: $schema=profile.schema.json
# "warroom profile schema > profile.schema.json" writes that file: an editor completes a profile by it.
`;

/**
 * Asks a running system what it is, and drafts its profile: YAML with remarks on what was found and what a person has to fill
 * in. The draft has no mistakes; what could not be found is not in it. Throws `bad-input` for what is no address.
 */
export async function newProfile(options: NewProfileOptions, deps: NewProfileDeps): Promise<string> {
  const { services, tables } = await draftNetwork(options, deps.environment);
  const { listed, problem } = await listPorts(deps.ports);
  const devices: Draft<Part | null>[] = [];
  for (const path of options.ports)
    devices.push(await draftPort(path, { listed, ports: deps.ports, taken: namesOf(devices, 'id') }));
  const kept = devices.filter((device): device is Draft<Part> => device.value !== null);

  const document = new Document({
    name: options.name,
    description: 'TO FILL IN: what it does, in a sentence.',
    devices: kept.map(({ value }) => value),
    services: services.map(({ value }) => value),
    tables: tables.map(({ value }) => value),
  });
  writeNotes(document, [
    ...devices.filter(({ value }) => value === null).flatMap(({ notes }) => below(['devices'], notes)),
    ...portNotes(listed, problem, options.ports),
    ...allBelow('devices', kept),
    ...allBelow('services', services),
    ...allBelow('tables', tables),
  ]);
  const text = `${head}${document.toString({ lineWidth: 110 })}${toFillIn}`;
  const [mistake] = loadProfile(text).mistakes;
  if (mistake)
    throw new WarroomError('internal', `The draft has a mistake in line ${mistake.line}: ${mistake.message}`);
  return text;
}

async function draftNetwork(options: NewProfileOptions, environment: NewProfileDeps['environment']) {
  const { urls, openapi, timeoutMs, keyName } = options;
  for (const url of urls)
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new WarroomError('bad-input', `${oneLine(url)} is no address.`, 'Give it as http://host:port.');
  const services: Draft<Part>[] = [];
  for (const url of urls)
    services.push(await draftService({ url, openapi, timeoutMs, taken: namesOf(services, 'name') }));
  const tables: Draft<Part>[] = [];
  for (const url of options.tables) {
    const taken = namesOf(tables, 'name');
    tables.push(await draftTable({ url, keyName, key: environment[keyName], timeoutMs, taken }));
  }
  return { services, tables };
}

async function listPorts(ports: Ports): Promise<{ listed: PortInfo[]; problem: string | null }> {
  try {
    return { listed: await ports.ports(), problem: null };
  } catch (error) {
    return { listed: [], problem: messageOf(error) };
  }
}

function portNotes(listed: PortInfo[], problem: string | null, asked: string[]): Note[] {
  const note = (text: string): Note => ({ path: ['devices'], text });
  if (problem !== null) return [note(`The serial ports could not be listed: ${problem}`)];
  const others = listed.filter(({ path }) => !asked.includes(path)).slice(0, 32);
  if (others.length === 0) return listed.length === 0 ? [note('No serial port was found.')] : [];
  return [
    note('Serial ports that were not listened at (--port PATH does):'),
    ...others.map((port) => note(describePort(port))),
  ];
}

const namesOf = (drafts: Draft<Part | null>[], member: string): string[] =>
  drafts.flatMap(({ value }) => (value ? [String(value[member])] : []));

const below = (path: Note['path'], notes: Note[]): Note[] =>
  notes.map((note) => ({ path: [...path, ...note.path], text: note.text }));

const allBelow = (part: string, drafts: Draft<Part>[]): Note[] =>
  drafts.flatMap(({ notes }, index) => below([part, index], notes));
