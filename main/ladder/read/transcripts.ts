/** The transcripts of an agent: read once a run, and what every analysis tells of each. */
import { messageOf } from '../../../common/lib/errors.ts';
import { compilePattern, type ProfileAgent } from '../../../common/profile/index.ts';
import { rulesOf, type ErrorPattern } from '../../../common/transcript/index.ts';
import type { CheckContext } from '../context.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { rulesFrom } from './rule-files.ts';
import { readTranscript, type TranscriptFile } from './transcript-file.ts';

export interface AgentTranscripts {
  agent: ProfileAgent;
  /** The glob as an absolute path. */
  looked: string;
  /** Newest first. */
  files: TranscriptFile[];
  /** Found, and not read: older than the others, or no room. */
  leftOut: number;
  /** What could not be read, and why. */
  problems: string[];
  /** How many rules hold always, and from which files some of them are. */
  rules: { count: number; files: string[]; missing: string[] };
}

const mostFiles = 20;
/** Of all files of one agent; of a larger one the end. Some 5 MB are read in a second. */
const mostBytes = 48 * 1024 * 1024;
/** A transcript that is older than the newest by more tells of another day. */
const mostOlderMs = 72 * 3600 * 1000;

export function readTranscripts(agent: ProfileAgent, context: CheckContext): Promise<AgentTranscripts> {
  return context.once(`transcripts ${agent.name}`, (signal) => read(agent, signal));
}

async function read(agent: ProfileAgent, signal: AbortSignal): Promise<AgentTranscripts> {
  const { looked, files: found, problem } = await findFiles(agent.transcripts.files, signal);
  const rules = await rulesFrom(agent.rulesFrom, signal);
  const options = {
    format: agent.transcripts.format,
    windowTokens: agent.windowTokens ?? null,
    rules: [...agent.rules, ...rules.texts],
    errorPatterns: agent.errors.map(errorPattern),
    signal,
  };
  const files: TranscriptFile[] = [];
  const problems = problem === null ? [] : [problem];
  let room = mostBytes;
  for (const file of recent(found)) {
    if (room <= 0) break;
    try {
      files.push(await readTranscript(file, { ...options, room }));
    } catch (error) {
      signal.throwIfAborted();
      problems.push(messageOf(error));
    }
    room -= file.bytes;
  }
  const told = { count: options.rules.flatMap(rulesOf).length, files: rules.files, missing: rules.missing };
  return { agent, looked, files, leftOut: found.length - files.length, problems, rules: told };
}

function recent(found: FoundFile[]): FoundFile[] {
  const filled = found.filter(({ bytes }) => bytes > 0);
  const newest = filled[0]?.modified ?? 0;
  return filled.filter(({ modified }) => newest - modified <= mostOlderMs).slice(0, mostFiles);
}

/** Of a long result the beginning and the end are looked at: that is where tools say how it went. */
const lookedAt = 4_096;

function errorPattern(text: string): ErrorPattern {
  const pattern = compilePattern(text);
  return {
    test: (result) =>
      pattern.first(result.slice(0, lookedAt)) !== null ||
      (result.length > lookedAt && pattern.first(result.slice(-lookedAt)) !== null),
  };
}
