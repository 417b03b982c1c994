import { describe, expect, it } from 'vitest';
import { shell, told, type Step } from '../../test/fakes/transcript-events.ts';
import { createFailureReader, type FailureOptions } from './failure-sign.ts';

function signs(steps: Step[], options: FailureOptions = {}) {
  const reader = createFailureReader(options);
  const events = told(steps);
  return events.flatMap((event) => {
    if (event.kind !== 'result') return [];
    const call = events.find((other) => other.kind === 'call' && other.id === event.call);
    return [reader.signOf(event, call?.kind === 'call' ? call : null)?.kind ?? null];
  });
}
const noFlag = { isError: null };
const one = (gives: string, note: object = noFlag, name = 'tool') => signs([{ call: name, gives, note }])[0];

describe('the result of a tool says failure', () => {
  it('by flag, code, status, time-out and permission', () => {
    expect(one('nope', { isError: true })).toBe('flag');
    expect(one('', { isError: false, exitCode: 2 })).toBe('exit-code');
    expect(one('Not Found', { isError: false, httpStatus: 404 })).toBe('http-status');
    expect(one('Command timed out after 2m 0.0s', { isError: true })).toBe('time-out');
    expect(one('Permission to use Write has been denied.', { isError: true })).toBe('permission');
    expect(one('part', { isError: false, isInterrupted: true })).toBe('interrupted');
    expect(one('fine', { isError: false, exitCode: 0, httpStatus: 200 })).toBeNull();
  });

  it.each([
    'Error: cannot connect to 10.0.0.3',
    'Traceback (most recent call last):\n  File "x.py"\nValueError: x',
    'bash: foo: command not found',
    'cat: /etc/x: No such file or directory',
    'curl: (7) Failed to connect to localhost port 8642',
    'ModuleNotFoundError: No module named x',
    'fatal: not a git repository',
    'Failed to fetch the page',
    'collected\nTraceback (most recent call last):\n  x\nKeyError: 1',
    '<tool_use_error>Error: No such tool</tool_use_error>',
  ])('by text where there is no flag: %s', (text) => {
    expect(one(text)).toBe('error-text');
    // Where there is a flag and it says no, the text is the tool's business.
    expect(one(text, { isError: false })).toBeNull();
  });

  it.each([
    '# Error handling\nThis module…',
    'No errors found',
    '0 failed, 12 passed',
    'errors_total 0',
    'The operation completed',
    'Cannes is a city',
    '{"error":null,"ok":true,"items":[]}',
    'failure rate: 0.1 %',
  ])('not by text that speaks of errors: %s', (text) => expect(one(text)).toBeNull());

  it('by what is inside an answer that came with success', () => {
    const ok = { isError: false, httpStatus: 200 };
    for (const text of [
      '{"error":"no such part"}',
      '{"errors":[{"message":"x"}]}',
      '{"success":false}',
      '{"ok":false,"data":[]}',
      '{"status":"failed"}',
      '{"code":404,"message":"gone"}',
      '{"isError":true,"content":[]}',
      '{"error":{"code":-32000}}',
    ])
      expect(one(text, ok)).toBe('error-inside');
    for (const text of [
      '{"error":null}',
      '{"errors":[]}',
      '{"success":true}',
      '{"status":"ok"}',
      '{"status":"failed"',
      '[]',
      '{"error":""}',
      '{"code":200,"message":"x"}',
    ])
      expect(one(text, ok)).toBeNull();
  });

  it('by nothing, from a tool that always brought something', () => {
    const full: Step[] = Array.from({ length: 5 }, () => ({ call: 'read', gives: 'x' }));
    const empty: Step = { call: 'read', gives: '[]' };
    expect(signs([...full, empty, empty]).slice(5)).toEqual(['empty', null]);
    expect(signs([...full.slice(1), empty]).at(-1)).toBeNull();
    expect(signs([empty, ...full, empty]).at(-1)).toBeNull();
    expect(signs([...full, { call: 'other', gives: '' }]).at(-1)).toBeNull();
  });

  it('not by an exit code that is an answer', () => {
    expect(signs([shell('grep -r x /srv', '', { isError: null, exitCode: 1 })])).toEqual([null]);
    expect(signs([shell('cd /srv && diff a b', '1c1', { isError: null, exitCode: 1 })])).toEqual([null]);
    expect(signs([shell('systemctl is-active x', 'inactive', { isError: null, exitCode: 3 })])).toEqual([
      null,
    ]);
    expect(signs([shell('grep x && make', '', { isError: null, exitCode: 1 })])).toEqual(['exit-code']);
    expect(signs([shell('grep -r x /srv', '', { isError: null, exitCode: 2 })])).toEqual(['exit-code']);
  });

  it('in the way that the profile says', () => {
    const options = { errorPatterns: [/^SENSOR FAULT/gm] };
    const fault: Step = { call: 't', gives: 'x\nSENSOR FAULT 3', note: noFlag };
    expect(signs([fault, fault], options)).toEqual(['error-text', 'error-text']);
    expect(signs([fault])).toEqual([null]);
  });

  it('by less than was to be done, of a call that changes something', () => {
    const wrote = (gives: string, name = 'save_report') => one(gives, { isError: false }, name);
    for (const gives of [
      'wrote 4096 of 18342 bytes',
      'Uploaded 3/10 files',
      '{"requested_bytes":18342,"written_bytes":4096}',
      '{"written":4096,"of":18342}',
      '{"path":"/a","saved":false}',
      '{"inserted":7,"partial":true}',
      'tee: /srv/a.csv: No space left on device\ndone',
    ])
      expect(wrote(gives), gives).toBe('error-inside');
    for (const gives of [
      'wrote 18342 of 18342 bytes',
      'uploaded 1 of 3\nuploaded 3 of 3',
      '{"inserted":1,"total":500}',
      '{"path":"/a","saved":true}',
      '{"accepted":true,"of":3}',
    ])
      expect(wrote(gives), gives).toBeNull();
    expect(wrote('wrote 4096 of 18342 bytes\nNo space left on device', 'read_log')).toBeNull();
  });
});
