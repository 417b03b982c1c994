/** What the text of a tool's result says of how it went, in the forms that tools and harnesses write. */
import { isRecord } from '../lib/members.ts';
import { integerOf, jsonOf, memberOf } from './parse-line.ts';

const exitFirst =
  /^\s*(?:<tool_use_error>|Error: )?(?:(?:process|command) )?(?:exit(?:ed)?|failed|terminated)(?: with)?(?: exit)? (?:code|status)[: ]*(-?\d{1,5})\b/i;
const exitLast =
  /(?:^|\n)\s*[[(<]?(?:(?:process|command) )?(?:exit(?:ed)?|finished)(?: with)?(?: exit)?[ _](?:code|status)[>: ]*(-?\d{1,5})\b[^\n]{0,20}\s*$/i;
const statusFirst =
  /^\s*(?:<tool_use_error>|Error: )?(?:HTTP\/\d(?:\.\d)? |HTTP (?:error |status )?(?:code )?|(?:request )?failed with status code |status(?: code)?:? )([1-5]\d\d)\b/i;

/** The exit code that the first line or the last says; null where neither does. */
export function exitCodeIn(text: string): number | null {
  const found = exitFirst.exec(text.slice(0, 400)) ?? exitLast.exec(text.slice(-200));
  return found ? Number(found[1]) : null;
}

/** The HTTP status that the text begins with; null where it begins with none. */
export function httpStatusIn(text: string): number | null {
  const found = statusFirst.exec(text.slice(0, 200));
  return found ? Number(found[1]) : null;
}

const longestJson = 64 * 1024;

/** The object or the list that the text is; null where it is none, or was cut. */
export function resultJson(text: string): Record<string, unknown> | unknown[] | null {
  if (text.length > longestJson) return null;
  const json = jsonOf(text);
  return isRecord(json) || Array.isArray(json) ? json : null;
}

/** Exit code and HTTP status as members of a result that is an object. */
export function codesInJson(json: unknown): { exitCode: number | null; httpStatus: number | null } {
  if (!isRecord(json)) return { exitCode: null, httpStatus: null };
  const inner = isRecord(json['metadata']) ? json['metadata'] : {};
  const exit = memberOf(json, ...exitNames) ?? memberOf(inner, ...exitNames);
  const status = integerOf(
    memberOf(json, 'statusCode', 'status_code', 'httpStatus', 'http_status', 'status'),
  );
  return {
    exitCode: integerOf(exit),
    httpStatus: status !== null && status >= 100 && status < 600 ? status : null,
  };
}

const exitNames = [
  'exitCode',
  'exit_code',
  'returncode',
  'returnCode',
  'return_code',
  'exitStatus',
  'exit_status',
];
