/** data/ro-crate-metadata.json: RO-Crate 1.2. All dates are those of entries. */
import type { State } from '../../../common/incident/state.ts';

export interface CrateInput {
  incident: string;
  state: State;
  /** `at` of the last entry. */
  lastAt: string;
  /** Payload files, as `data/…`, with sizes. */
  files: { path: string; bytes: number }[];
}

/** A node of the graph. */
type Node = Record<string, unknown>;

export function crateText({ incident, state, lastAt, files }: CrateInput): string {
  const parts = files
    .map(({ path }) => path.slice('data/'.length))
    .filter((path) => path !== 'ro-crate-metadata.json');
  const made = actions(state, new Set(parts));
  const root: Node = {
    '@id': './',
    '@type': 'Dataset',
    name: state.incident?.title ?? incident,
    description: `The ledger, evidence, captures and sessions of incident ${incident}.`,
    identifier: `urn:uuid:${incident}`,
    datePublished: lastAt,
    license: 'None is granted by this bundle: ask whoever holds it.',
    hasPart: parts.map((path) => ({ '@id': path })),
    mentions: made.map((node) => ({ '@id': node['@id'] })),
  };
  const descriptor: Node = {
    '@id': 'ro-crate-metadata.json',
    '@type': 'CreativeWork',
    conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    about: { '@id': './' },
  };
  const fileNodes = files
    .filter(({ path }) => path !== 'data/ro-crate-metadata.json')
    .map(({ path, bytes }): Node => ({
      '@id': path.slice('data/'.length),
      '@type': 'File',
      contentSize: String(bytes),
    }));
  const graph = [descriptor, root, ...fileNodes, ...made];
  return `${JSON.stringify({ '@context': 'https://w3id.org/ro/crate/1.2/context', '@graph': graph }, null, 2)}\n`;
}

/** Each command and each capture is an action that made something: a file, where the bundle has it. */
function actions(state: State, parts: ReadonlySet<string>): Node[] {
  const result = (file: string) => (parts.has(file) ? { result: { '@id': file } } : {});
  const commands = Object.values(state.commands).map((command): Node => ({
    '@id': `#command-${command.id}`,
    '@type': 'CreateAction',
    name: command.line,
    startTime: command.startedAt,
    ...(command.ended && { endTime: command.ended.at }),
    ...result(`sessions/${command.session}.bytes`),
  }));
  const captures = Object.values(state.captures).map((capture): Node => ({
    '@id': `#capture-${capture.capture}`,
    '@type': 'CreateAction',
    name: `Capture of ${capture.channels.length} channels`,
    startTime: capture.startedAt,
    ...result(capture.file),
  }));
  return [...commands, ...captures];
}
