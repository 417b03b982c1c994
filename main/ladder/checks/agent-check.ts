/** What all checks of agents' transcripts have in common: what can't be told, what was read, and the lines it rests on. */
import { basename } from 'node:path';
import type { Rung } from '../../../common/ledger/types.ts';
import type { Profile } from '../../../common/profile/index.ts';
import type { Source } from '../../../common/transcript/index.ts';
import type { Check, Found } from '../check.ts';
import { excerptEvidence, type Place } from '../read/transcript-excerpt.ts';
import { readTranscripts, type AgentTranscripts } from '../read/transcripts.ts';
import type { TranscriptFile } from '../read/transcript-file.ts';

export interface Judged extends Omit<Found, 'evidence'> {
  places: Place[];
}

/** A limit of the profile: for this agent (`desk.context.loops`), for all (`context.loops`), or what is sensible. */
export type Limit = (name: string, fallback: number) => number;

export interface AgentCheck {
  id: string;
  rung: Rung;
  title: string;
  judge(seen: AgentTranscripts, limit: Limit): Judged;
}

/** Of the lines, so many may be unreadable before nothing passes. */
const mostUnread = 0.2;

export function createAgentCheck({ id, rung, title, judge }: AgentCheck): Check {
  return {
    id,
    rung,
    title,
    effect: 'none',
    timeoutMs: 60_000,
    subjects: ({ agents }) => agents.map(({ name }) => name),
    async run(subject, context) {
      const agent = context.profile.agents.find(({ name }) => name === subject)!;
      const seen = await readTranscripts(agent, context);
      const { places, ...found } = nothingSeen(seen) ?? judge(seen, limitOf(context.profile, subject));
      const held = found.result === 'pass' ? (tooTorn(seen) ?? found) : found;
      const evidence = [await excerptEvidence(`${subject}-${id}.txt`, seen, places)];
      return { ...held, says: `${held.says}${notes(seen)}`, evidence };
    },
  };
}

function limitOf({ thresholds }: Profile, agent: string): Limit {
  return (name, fallback) => thresholds[`${agent}.${name}`]?.limit ?? thresholds[name]?.limit ?? fallback;
}

function nothingSeen({ agent, looked, files, leftOut, problems }: AgentTranscripts): Judged | null {
  const next = `Check where ${agent.name} writes its transcripts, and \`transcripts.files\` of the profile.`;
  const [problem] = problems;
  if (files.length === 0)
    return {
      result: 'unknown',
      says: problem
        ? `No transcript of ${agent.name} could be read: ${problem}.`
        : `No transcript of ${agent.name} is there: looked for ${looked}${leftOut > 0 ? `, where ${leftOut} files are empty` : ''}.`,
      next,
      places: [],
    };
  if (files.some(({ events }) => events > 0)) return null;
  const told = files.length === 1 ? `${basename(files[0]!.path)} is` : `None of ${files.length} files is`;
  return {
    result: 'unknown',
    says: `${told}${files.length === 1 ? ' no' : ' a'} transcript in a known form (Claude Code, OpenAI chat, OpenTelemetry GenAI): looked for ${looked}.`,
    next,
    places: firstUnread(files),
  };
}

/** Nothing was found in what could be read: that says little where much could not. */
function tooTorn({ agent, files }: AgentTranscripts): Found | null {
  const { unread, lines } = totals(files);
  if (unread <= mostUnread * lines) return null;
  return {
    result: 'unknown',
    says: `${unread} of ${lines} lines of ${agent.name}'s transcripts can't be read, so that nothing is ruled out.`,
    next: 'Look at these lines: a torn file, or a form that is not known.',
  };
}

function notes({ files, problems }: AgentTranscripts): string {
  const { unread, lines } = totals(files);
  const [first] = firstUnread(files);
  const torn = first
    ? ` ${unread} of ${lines} lines can't be read, first ${at(first.file, first.source)}.`
    : '';
  return `${torn}${files.length > 0 && problems[0] ? ` Not read: ${problems[0]}.` : ''}`;
}

const totals = (files: TranscriptFile[]) => ({
  unread: files.reduce((sum, { unread }) => sum + unread.count, 0),
  lines: files.reduce((sum, { lines }) => sum + lines, 0),
});

const firstUnread = (files: TranscriptFile[]): Place[] =>
  files.flatMap((file) =>
    file.unread.first ? [{ file, source: file.unread.first, what: 'not readable' }] : [],
  );

/** As `session.jsonl line 14`. */
export const at = (file: TranscriptFile, { line }: Source) => `${basename(file.path)} line ${line}`;

/** Each with the transcript that it is of. */
export function fromAll<T>(
  { files }: AgentTranscripts,
  of: (file: TranscriptFile) => readonly T[],
): { file: TranscriptFile; fact: T }[] {
  return files.flatMap((file) => of(file).map((fact) => ({ file, fact })));
}

export const sum = ({ files }: AgentTranscripts, of: (file: TranscriptFile) => number) =>
  files.reduce((total, file) => total + of(file), 0);

/** As `3 calls`, `1 call`. */
export const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What was looked at, as `in 2 transcripts`. */
export const inFiles = ({ files }: AgentTranscripts) => `in ${counted(files.length, 'transcript')}`;
