/** One place in the system that says something: what it says now. Nothing is run, nothing is written. */
import type { ProfileReading } from '../../../common/profile/index.ts';
import type { CheckEvidence } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { readChannel } from './reading-channel.ts';
import { readFileText, readLog } from './reading-files.ts';
import { readHttp, readTableValue } from './reading-network.ts';
import { readProcess } from './reading-process.ts';

/** What was found. */
export interface Reading {
  /** Null: it was looked for, and is not there. */
  value: unknown;
  /** Of a moment, in microseconds since 1970. */
  instant?: number;
  /** Where, in words, as `dashboard /api/summary`. */
  where: string;
  evidence: CheckEvidence[];
  /** The check that tells whether nothing there means nothing: a table may hide its rows. */
  doubt?: string;
}

/** Why it can't be told. */
export interface ReadingProblem {
  says: string;
  next: string;
  explainedBy?: string;
  evidence?: CheckEvidence[];
}

export type ReadingResult = Reading | ReadingProblem;

/** Reads it anew each time. */
export async function readReading(context: CheckContext, reading: ProfileReading): Promise<ReadingResult> {
  switch (reading.by) {
    case 'http':
      return readHttp(context, reading);
    case 'table':
      return readTableValue(context, reading);
    case 'file':
      return readFileText(context, reading);
    case 'log':
      return readLog(context, reading);
    case 'channel':
      return readChannel(context, reading);
    case 'process':
      return readProcess(context, reading);
    case 'command':
      return {
        says: `${reading.run.join(' ')} is a command of the profile, and a person has to agree to that command first.`,
        next: 'Run it by hand in a terminal of the room, and compare what it prints.',
      };
    case 'agent':
      return {
        says: `What ${reading.agent} wrote is looked for in its transcripts only by the check of its claims.`,
        next: `Look at claim.agent ${reading.agent}, and for the sentence in its transcript.`,
      };
  }
}
