/** Every error that a person, a seat or a script may meet: what happened, and what to do about it. */
export type ErrorCode =
  | 'refused' // a rule of the room forbids it (roles, ladder, one change)
  | 'not-found' // no such thing
  | 'bad-input' // the input is not of the form asked for
  | 'taken' // a port, lock, name or file is in use
  | 'denied' // the operating system's rights do not allow it
  | 'no-space' // the disk is full
  | 'damaged' // stored data is not what was written
  | 'unavailable' // the other end does not answer
  | 'cancelled' // the person called it off
  | 'internal'; // a mistake of ours

/** A typed error. `message` says what happened and why, `hint` what to do. */
export class WarroomError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, hint = '', data: Record<string, unknown> = {}) {
    super(message);
    this.name = 'WarroomError';
    this.code = code;
    this.hint = hint;
    this.data = data;
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Maps the errors of Node's file system and network to ours, naming `what` was being done. */
export function fromSystem(error: unknown, what: string): WarroomError {
  if (error instanceof WarroomError) return error;
  const code = (error as { code?: string } | null)?.code ?? '';
  const text = `${what}: ${messageOf(error)}`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new WarroomError(
      'no-space',
      text,
      'Free some space on this disk, then try again. Nothing acknowledged was lost.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return new WarroomError('denied', text, 'Check the rights on it, or run as a user who has them.');
  if (code === 'EADDRINUSE' || code === 'EBUSY')
    return new WarroomError('taken', text, 'Close what is using it, or choose another.');
  if (code === 'ENOENT') return new WarroomError('not-found', text, 'Check the name.');
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ETIMEDOUT')
    return new WarroomError('unavailable', text, 'Check that it runs and that the address is right.');
  return new WarroomError('internal', text);
}
