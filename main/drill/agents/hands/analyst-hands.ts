/** The analyst's tools: functions of a chat API. Its results have no flag; what went wrong stands in their text. */
import { scoreRow, scorerLog, visionLog } from '../line-view.ts';
import type { Use } from '../types.ts';
import {
  firstText,
  configFile,
  failing,
  pytestText,
  settingsFile,
  useOf,
  type Hands,
  type MakeHands,
  type Trouble,
} from './hands.ts';

export const analystHands: MakeHands = (draw) => {
  const hands: Hands = {
    health: (service, { parts, newest, clock }) =>
      useOf(
        'http_get',
        { url: `http://127.0.0.1:${service === 'cv' ? 8642 : 8643}/health` },
        JSON.stringify({ status: 'ok', parts, last_at: clock(newest(1)[0]?.at ?? 0) }),
        draw.between(0.2, 1.5),
      ),
    log: (service, lines, view) =>
      useOf(
        'tail_file',
        { path: `/var/log/qc/${service}.log`, lines },
        (service === 'cv' ? visionLog : scorerLog)(view.newest(lines), view),
        draw.between(0.2, 0.8),
      ),
    search: (what, service) =>
      useOf(
        'search_file',
        { path: `/var/log/qc/${service}.log`, pattern: what },
        '[]',
        draw.between(0.2, 0.9),
      ),
    scores: (count, view) =>
      useOf(
        'query_table',
        { table: 'scores', order: 'part.desc', limit: count },
        JSON.stringify(view.newest(count).map((part) => scoreRow(part, view))),
        draw.between(0.4, 2.5),
      ),
    settings: (now) => useOf('read_file', { path: configFile }, settingsFile(now), draw.between(0.1, 0.4)),
    change: (setting, from, to) =>
      useOf(
        'replace_in_file',
        { path: configFile, old_text: `${setting}: ${from}`, new_text: `${setting}: ${to}` },
        '1 replacement made',
        draw.between(0.1, 0.5),
      ),
    misfit: (setting, from, to) =>
      failing(
        hands.change(setting, from, to),
        `Error: old_text not found in ${configFile}: "${setting}: ${from}"`,
        'error',
      ),
    tests(run) {
      const seconds = draw.between(2, 9);
      const code = run.failed.length > 0 ? 1 : 0;
      const use = useOf(
        'run_command',
        { command: 'pytest -q', cwd: '/opt/qc' },
        JSON.stringify({ exit_code: code, stdout: pytestText(run, seconds), stderr: '' }),
        seconds,
      );
      return code === 0 ? use : failing(use, use.outcome.text, 'exit');
    },
    restart: (service) =>
      useOf(
        'restart_service',
        { name: service },
        JSON.stringify({ name: service, state: 'restarting' }),
        draw.between(0.4, 2),
      ),
    state: (service, isUp) =>
      useOf(
        'wait_for_service',
        { name: service, seconds: 20 },
        JSON.stringify({ name: service, state: isUp ? 'running' : 'starting' }),
        isUp ? draw.between(4, 19) : 20,
      ),
    commit: (message) =>
      useOf(
        'run_command',
        { command: `git commit -am "${message}"`, cwd: '/opt/qc' },
        JSON.stringify({ exit_code: 0, stdout: `[main ${draw.hex(7)}] ${message}`, stderr: '' }),
        draw.between(0.3, 1),
      ),
    write: (path, content) =>
      useOf(
        'write_file',
        { path, content },
        JSON.stringify({ path, bytes: content.length }),
        draw.between(0.2, 0.6),
      ),
    notify: (text) =>
      useOf(
        'send_message',
        { to: 'shift-lead', text },
        JSON.stringify({ id: draw.whole(200, 9_000), delivered: true }),
        draw.between(0.4, 1.5),
      ),
    broken: (use, trouble) => broken(use, trouble),
  };
  return hands;
};

function broken(use: Use, trouble: Trouble): Use {
  const subject = firstText(use.input, 'path', 'url', 'table') ?? use.tool;
  const texts: Record<Trouble, () => Use> = {
    'time-out': () => failing(use, 'Error: request timed out after 30000 ms', 'time-out', { seconds: 30 }),
    'server-error': () =>
      failing(use, `Error: HTTP 500 Internal Server Error from ${subject}`, 'error', { seconds: 1.2 }),
    'error-inside': () =>
      failing(use, '{"data":null,"error":{"code":"57014","message":"canceling statement"}}', null),
    permission: () => failing(use, `PermissionError: [Errno 13] Permission denied: '${subject}'`, 'refused'),
    'disk-full': () => failing(use, 'OSError: [Errno 28] No space left on device', 'error'),
    'short-write': () => failing(use, '{"requested_bytes":18342,"written_bytes":4096}', null),
  };
  return texts[trouble]();
}
