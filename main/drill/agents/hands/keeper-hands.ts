/** The keeper's tools: functions of an agent framework that traces each of them as a span. */
import { detectionRow, figuresOf, scoreRow, scorerLog, visionLog } from '../line-view.ts';
import type { Use } from '../types.ts';
import {
  firstText,
  configFile,
  failing,
  settingsFile,
  useOf,
  type Hands,
  type MakeHands,
  type Trouble,
} from './hands.ts';

export const keeperHands: MakeHands = (draw) => {
  const hands: Hands = {
    health: (service, view) =>
      useOf(
        'get_service_health',
        { service },
        JSON.stringify({
          service,
          healthy: true,
          newest: view.newest(1).map((part) => detectionRow(part, view)),
          slowest_ms: figuresOf(view.newest(20)).slowest,
        }),
        draw.between(0.2, 1.2),
      ),
    log: (service, lines, view) =>
      useOf(
        'read_log',
        { service, lines },
        (service === 'cv' ? visionLog : scorerLog)(view.newest(lines), view),
        draw.between(0.3, 1),
      ),
    search: (what, service) =>
      useOf(
        'search_log',
        { service, contains: what },
        JSON.stringify({ matches: [], searched_lines: draw.whole(800, 9_000) }),
        draw.between(0.2, 0.9),
      ),
    scores: (count, view) =>
      useOf(
        'list_scores',
        { newest: count },
        JSON.stringify({ scores: view.newest(count).map((part) => scoreRow(part, view)) }),
        draw.between(0.3, 1.8),
      ),
    settings: (now) => useOf('read_file', { path: configFile }, settingsFile(now), draw.between(0.1, 0.4)),
    change: (setting, from, to) =>
      useOf(
        'edit_file',
        { path: configFile, search: `${setting}: ${from}`, replace: `${setting}: ${to}` },
        JSON.stringify({ changed: 1 }),
        draw.between(0.1, 0.5),
      ),
    misfit: (setting, from, to) =>
      failing(
        hands.change(setting, from, to),
        `no match for "${setting}: ${from}" in ${configFile}`,
        'error',
      ),
    tests: ({ passed, failed }) =>
      useOf(
        'run_selftest',
        { suite: 'scoring' },
        JSON.stringify({ suite: 'scoring', passed, failed: failed.length, failures: failed }),
        draw.between(3, 9),
      ),
    restart: (service) =>
      useOf(
        'restart_service',
        { service, reason: 'maintenance' },
        JSON.stringify({ service, accepted: true }),
        draw.between(0.5, 2),
      ),
    state: (service, isUp) =>
      useOf(
        'wait_until_ready',
        { service, timeout_s: 20 },
        JSON.stringify({ service, ready: isUp }),
        isUp ? draw.between(4, 19) : 20,
      ),
    commit: (message) =>
      useOf(
        'commit_config',
        { message },
        JSON.stringify({ revision: draw.hex(10), message }),
        draw.between(0.3, 1),
      ),
    write: (path, content) =>
      useOf(
        'save_report',
        { path, text: content },
        JSON.stringify({ path, saved: true }),
        draw.between(0.2, 0.7),
      ),
    notify: (text) =>
      useOf(
        'notify_shift_lead',
        { text },
        JSON.stringify({ accepted: true, message_id: draw.hex(12) }),
        draw.between(0.4, 1.4),
      ),
    broken: (use, trouble) => broken(use, trouble),
  };
  return hands;
};

function broken(use: Use, trouble: Trouble): Use {
  const subject = firstText(use.input, 'path', 'service') ?? use.tool;
  const texts: Record<Trouble, () => Use> = {
    'time-out': () => failing(use, 'The read operation timed out', 'time-out', { seconds: 30 }),
    'server-error': () => failing(use, 'HTTP 503 Service Unavailable', 'error'),
    'error-inside': () => failing(use, '{"ok":false,"error":"upstream answered with 500","items":[]}', null),
    permission: () => failing(use, `access denied for agent "keeper" to ${subject}`, 'refused'),
    'disk-full': () => failing(use, `[Errno 28] No space left on device: '${subject}'`, 'error'),
    'short-write': () =>
      failing(use, '{"path":"/opt/qc/reports","saved":false,"written":4096,"of":18342}', null),
  };
  return texts[trouble]();
}
