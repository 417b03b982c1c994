import { messageOf } from '../../common/lib/errors.ts';

/** A line of what was asked for, on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line of what went on meanwhile, on standard error, with what was thrown where something was. */
export function log(message: string, error?: unknown): void {
  process.stderr.write(`${message}${error === undefined ? '' : `: ${messageOf(error)}`}\n`);
}
