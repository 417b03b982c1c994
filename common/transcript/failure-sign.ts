/** How a tool's result says that it failed. */
import { isRecord } from '../lib/members.ts';
import { createRecentMap } from './bounds.ts';
import { shortened } from './analysis.ts';
import { jsonText } from './chat-message.ts';
import { commandOf, commandParts, isReadOnly } from './call-kinds.ts';
import { integerOf, memberOf } from './parse-line.ts';
import { codesInJson, resultJson } from './result-text.ts';
import type { CallEvent, ResultEvent } from './types.ts';

export type FailureKind =
  | 'flag' // the format says so, and the text no more than that
  | 'exit-code'
  | 'http-status' // 4xx or 5xx
  | 'time-out'
  | 'permission'
  | 'error-text' // error-shaped text where the format has no flag
  | 'error-inside' // the call went well and what it brought says error
  | 'empty' // nothing, from a tool that always brought something
  | 'interrupted'
  | 'rejected'; // by the person, who knows

export interface FailureSign {
  kind: FailureKind;
  /** What says so, shortened. */
  says: string;
}

/** A regular expression, or what a profile gives in its place. */
export interface ErrorPattern {
  test(text: string): boolean;
}

export interface FailureOptions {
  /** How an error looks where the format has no flag, of this agent's tools. */
  errorPatterns?: readonly ErrorPattern[];
  /** A tool must have brought something so often before nothing is a sign. */
  leastBeforeEmpty?: number;
}

/** Looks at results in their order: whether nothing is a sign depends on what a tool brought before. */
export interface FailureReader {
  signOf(result: ResultEvent, call: CallEvent | null): FailureSign | null;
}

const mostTools = 500;
const rejectedText =
  /^\s*(the user doesn't want to proceed|user rejected|\[request interrupted by user|the user (declined|rejected|denied|cancelled|canceled|interrupted))/i;
const timeOutText =
  /\b(timed[ -]?out|time-?out (?:of|after|expired|exceeded|reached|error|\d)|timeout:|deadline exceeded|ETIMEDOUT|TimeoutError|gateway time-?out)/i;
const permissionText =
  /\b(permission (?:to use \S+ has been )?denied|permission denied|access (?:is )?denied|not permitted|EACCES|EPERM|unauthori[sz]ed|forbidden|insufficient (?:privileges|permissions|rights)|requires? (?:approval|permission)|haven't granted|invalid (?:api key|token|credentials))/i;
/** How the first line of an error begins, as commands, runtimes and libraries write it. */
const errorFirst =
  /^\W{0,4}(?:(?:fatal|critical|error|err!?|failure|failed|exception|panic)[:!]|error (?:while|when|reading|opening|calling|executing|running|code|occurred|\d)|(?:[\w.]{0,60}(?:error|exception))(?::|\(| at )|traceback \(most recent call last\)|unhandled (?:error|exception|rejection)|failed to |cannot |could ?n[o']t |unable to |no such (?:file|tool|command|table|column)|command not found|(?:file|tool|path|page|resource|record) (?:\S{1,100} )?(?:not found|does not exist)|connection (?:refused|reset|aborted)|(?:bad gateway|service unavailable|internal server error|too many requests|rate limit(?:ed| exceeded))|<tool_use_error>)/i;
/** As Node and C name them: ENOENT, ECONNREFUSED. */
const errnoFirst = /^\W{0,4}E(?:[A-Z]{5,}|IO|PERM|BUSY|NXIO)\b/;
const errorAfterName =
  /^(?:[\w./@-]{1,60}: ){1,3}(?:line \d+: )?(?:.{0,120}: )?(?:no such file|not found|command not found|permission denied|connection refused|cannot |can't |failed to |unable to |unrecognized |invalid |\(\d{1,3}\) )/i;
const traceback = /(?:^|\n)(?:Traceback \(most recent call last\):|thread '[^'\n]{0,80}' panicked|panic: )/;

export function createFailureReader(options: FailureOptions = {}): FailureReader {
  const { errorPatterns = [], leastBeforeEmpty = 5 } = options;
  const tools = createRecentMap<{ full: number; empty: number }>(mostTools);

  /** A tool that never was empty is now. */
  function isOddlyEmpty(result: ResultEvent, name: string): boolean {
    const tool = tools.of(name, () => ({ full: 0, empty: 0 }));
    if (result.bytes > 0 && !/^\s*(\[\s*\]|\{\s*\}|null|None)?\s*$/.test(result.text)) tool.full++;
    else if (++tool.empty === 1 && tool.full >= leastBeforeEmpty) return true;
    return false;
  }

  return {
    signOf(result, call) {
      const isEmpty = isOddlyEmpty(result, result.name ?? call?.name ?? '');
      const sign = signOf(result, call, errorPatterns);
      if (sign || !isEmpty) return sign;
      return { kind: 'empty', says: 'nothing, where this tool always brought something' };
    },
  };
}

function signOf(
  result: ResultEvent,
  call: CallEvent | null,
  patterns: readonly ErrorPattern[],
): FailureSign | null {
  const { text, isError, exitCode, httpStatus } = result;
  const first = firstLine(text);
  if (rejectedText.test(text)) return { kind: 'rejected', says: first };
  if (exitCode !== null && isAnswer(exitCode, call)) return null;
  const isFailed = isError === true || (exitCode !== null && exitCode !== 0);
  if (isFailed || (httpStatus !== null && httpStatus >= 400)) return failedSign(result, first);
  if (result.isInterrupted) return { kind: 'interrupted', says: first || 'interrupted' };
  const inside = errorInside(text) ?? (call && !isReadOnly(call) ? notAllDone(text) : null);
  if (inside !== null) return { kind: 'error-inside', says: inside };
  return isError === null ? textSign(text, first, patterns) : null;
}

function failedSign({ text, exitCode, httpStatus, isError }: ResultEvent, first: string): FailureSign {
  // What failed says why at its beginning or its end.
  const ends = `${text.slice(0, 400)}\n${text.slice(-400)}`;
  if (timeOutText.test(ends)) return { kind: 'time-out', says: first };
  if (permissionText.test(ends)) return { kind: 'permission', says: first };
  if (httpStatus !== null && httpStatus >= 400) return { kind: 'http-status', says: `status ${httpStatus}` };
  if (exitCode !== null && exitCode !== 0) return { kind: 'exit-code', says: `exit code ${exitCode}` };
  return { kind: 'flag', says: first || (isError ? 'the result is flagged as an error' : '') };
}

/** Whatever was tested before: with flags g and y a regular expression remembers. */
function fits(pattern: ErrorPattern, text: string): boolean {
  if (!(pattern instanceof RegExp)) return pattern.test(text);
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text);
}

function textSign(text: string, first: string, patterns: readonly ErrorPattern[]): FailureSign | null {
  const given = patterns.find((pattern) => fits(pattern, text));
  if (given) return { kind: 'error-text', says: first };
  const isError = errorFirst.test(first) || errnoFirst.test(first) || errorAfterName.test(first);
  const lead = isError || /^\W{0,4}(command|request|operation|tool|the \w+) /i.test(first);
  if (lead && timeOutText.test(first)) return { kind: 'time-out', says: first };
  if ((isError || /^\W{0,4}\w+ denied\b/i.test(first)) && permissionText.test(first))
    return { kind: 'permission', says: first };
  const at = isError ? -1 : text.search(traceback);
  if (at >= 0) return { kind: 'error-text', says: shortened(lastLine(text)) };
  return isError ? { kind: 'error-text', says: first } : null;
}

function firstLine(text: string): string {
  return shortened(/[^\s][^\n]{0,400}/.exec(text)?.[0] ?? '');
}

const lastLine = (text: string) => text.trimEnd().slice(-400).split('\n').at(-1)!;

/** What an answer that came with success says of an error within; null where it says none. */
function errorInside(text: string): string | null {
  const json = resultJson(text);
  if (!isRecord(json)) return null;
  const { exitCode, httpStatus } = codesInJson(json);
  if (httpStatus !== null && httpStatus >= 400) return `status ${httpStatus} inside`;
  if (exitCode !== null && exitCode !== 0) return `exit code ${exitCode} inside`;
  const code = integerOf(json['code']);
  if (code !== null && code >= 400 && code < 600 && typeof json['message'] === 'string')
    return shortened(`code ${code}: ${json['message']}`);
  for (const name of ['error', 'errors', 'exception', 'fault']) {
    const value = json[name];
    const isTold =
      typeof value === 'string'
        ? value.trim() !== ''
        : isRecord(value) || (Array.isArray(value) && value.length > 0);
    if (isTold || value === true)
      return shortened(`${name}: ${typeof value === 'string' ? value : jsonText(value)}`);
  }
  for (const name of ['success', 'ok', 'succeeded']) if (json[name] === false) return `${name}: false`;
  const flag = memberOf(json, 'isError', 'is_error');
  if (flag === true) return 'isError: true';
  const status = memberOf(json, 'status', 'result', 'state');
  const isBad =
    typeof status === 'string' &&
    /^(error|errored|failed|failure|fail|timeout|timed[ _-]?out|denied|unauthorized|forbidden)$/i.test(
      status,
    );
  return isBad ? `status: ${status}` : null;
}

const diskFull =
  /(?:^|\n)([^\n]{0,200}\b(?:no space left on device|disk quota exceeded|ENOSPC)\b[^\n]{0,100})/i;
const partText =
  /\b(?:wrote|written|saved|stored|inserted|uploaded|copied|flushed|sent)\b\D{0,20}?(\d[\d,]*)(?: \w+)? ?(?:of|\/|out of) ?(\d[\d,]*)\b/gi;
const doneNames =
  /^(?:(?:bytes|rows|items)_?)?(?:written|saved|stored|inserted|uploaded|sent|delivered|accepted)(?:_?(?:bytes|rows|items|count))?$/i;
const wantedNames =
  /^(?:of|(?:(?:bytes|rows|items)_?)?(?:requested|expected|attempted|submitted|wanted)(?:_?(?:bytes|rows|items|count))?)$/i;

/** What a call that was to change something says of having done less; null where it says nothing of it. */
function notAllDone(text: string): string | null {
  const full = diskFull.exec(text.slice(0, 4_000) + text.slice(4_000).slice(-4_000));
  if (full) return shortened(full[1]!);
  // What tells its progress says it again and again: the last counts.
  const part = [...text.slice(-4_000).matchAll(partText)].at(-1);
  if (part && integer(part[1]!) < integer(part[2]!)) return shortened(part[0]);
  const json = resultJson(text);
  if (!isRecord(json)) return null;
  if (json['partial'] === true) return 'partial: true';
  const members = Object.entries(json).slice(0, 64);
  const undone = members.find(([name, value]) => value === false && doneNames.test(name));
  if (undone) return `${undone[0]}: false`;
  const done = members.find(([name, value]) => typeof value === 'number' && doneNames.test(name));
  const wanted = members.find(([name, value]) => typeof value === 'number' && wantedNames.test(name));
  if (!done || !wanted || Number(done[1]) >= Number(wanted[1])) return null;
  return `${done[0]} ${Number(done[1])}, ${wanted[0]} ${Number(wanted[1])}`;
}

const integer = (digits: string) => Number(digits.replaceAll(',', ''));

/** Programs whose exit code is an answer: nothing found, not the same, not active. */
const answers: [RegExp, number][] = [
  [
    /^(sudo\s+)?(e|f|z)?grep\b|^(sudo\s+)?(rg|ag|pgrep|diff|cmp|test|\[|which|command -v|type|jq -e|git diff|git grep)(\s|$)/,
    1,
  ],
  [/^(sudo\s+)?systemctl\s+is-\w+/, 4],
];

function isAnswer(exitCode: number, call: CallEvent | null): boolean {
  const last = call === null ? undefined : commandParts(commandOf(call)).at(-1);
  return (
    last !== undefined &&
    answers.some(([program, most]) => exitCode >= 1 && exitCode <= most && program.test(last))
  );
}
