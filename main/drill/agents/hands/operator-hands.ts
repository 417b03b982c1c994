/** The operator's tools: those of Claude Code, most of it through a shell. */
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
  type Service,
  type Trouble,
} from './hands.ts';

const unit: Record<Service, string> = { cv: 'qc-cv', llm: 'qc-llm' };
const port: Record<Service, number> = { cv: 8642, llm: 8643 };

export const operatorHands: MakeHands = (draw) => {
  const shell = (command: string, description: string, text: string, seconds = draw.between(0.3, 3)) =>
    useOf('Bash', { command, description }, text, seconds);

  const hands: Hands = {
    health: (service, { clock, parts, newest }) =>
      shell(
        `curl -s http://127.0.0.1:${port[service]}/health`,
        `Ask ${service} how it is`,
        JSON.stringify({
          status: 'ok',
          model: service === 'cv' ? 'rtdetr-s' : 'qc-scorer',
          parts,
          last_at: clock(newest(1)[0]?.at ?? 0),
        }),
      ),
    log: (service, lines, view) =>
      shell(
        `journalctl -u ${unit[service]} -n ${lines} --no-pager`,
        `Read the log of ${service}`,
        (service === 'cv' ? visionLog : scorerLog)(view.newest(lines), view),
      ),
    search: (what, service) =>
      useOf(
        'Grep',
        { pattern: what, path: `/var/log/qc/${service}.log`, output_mode: 'content' },
        'No matches found',
        draw.between(0.1, 0.6),
      ),
    scores(count, view) {
      const [from] = view.newest(count);
      return shell(
        `curl -s 'http://127.0.0.1:8643/scores?since=${(from?.index ?? 1) - 1}&limit=${count}'`,
        'Read the newest scores',
        JSON.stringify({ items: view.newest(count).map((part) => scoreRow(part, view)), total: view.parts }),
      );
    },
    settings: (now) =>
      useOf(
        'Read',
        { file_path: configFile },
        settingsFile(now)
          .split('\n')
          .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
          .join('\n'),
        draw.between(0.1, 0.4),
      ),
    change: (setting, from, to) =>
      useOf(
        'Edit',
        {
          file_path: configFile,
          old_string: `${setting}: ${from}`,
          new_string: `${setting}: ${to}`,
          replace_all: false,
        },
        `The file ${configFile} has been updated successfully.`,
        draw.between(0.2, 0.8),
      ),
    misfit(setting, from, to) {
      const text = `<tool_use_error>String to replace not found in file.\nString: ${setting}: ${from}</tool_use_error>`;
      return failing(hands.change(setting, from, to), text, 'error');
    },
    tests(run) {
      const seconds = draw.between(2, 9);
      const use = shell('cd /opt/qc && pytest -q', 'Run the tests', pytestText(run, seconds), seconds);
      return run.failed.length === 0 ? use : failing(use, `Exit code 1\n${use.outcome.text}`, 'exit');
    },
    restart: (service) => shell(`sudo systemctl restart ${unit[service]}`, `Restart ${service}`, ''),
    state(service, isUp) {
      const wait = draw.pick([10, 15, 20]);
      return shell(
        `sleep ${wait}; systemctl is-active ${unit[service]}`,
        `See whether ${service} is up`,
        isUp ? 'active' : 'activating',
        wait + draw.between(0.1, 0.4),
      );
    },
    commit: (message) =>
      shell(
        `cd /opt/qc && git commit -am "${message}"`,
        'Commit the change',
        `[main ${draw.hex(7)}] ${message}\n 1 file changed, 1 insertion(+), 1 deletion(-)`,
      ),
    write: (path, content) =>
      useOf(
        'Write',
        { file_path: path, content },
        `File created successfully at: ${path}`,
        draw.between(0.2, 0.6),
      ),
    notify: (text) =>
      shell(
        `curl -s -X POST http://127.0.0.1:3000/api/notify -d '${JSON.stringify({ to: 'shift-lead', text })}'`,
        'Tell the shift lead',
        JSON.stringify({ sent: true, id: draw.whole(200, 9_000) }),
      ),
    broken: (use, trouble) => broken(use, trouble),
  };
  return hands;
};

const path = ({ input }: Use) => firstText(input, 'file_path') ?? '/opt/qc/reports';

function broken(use: Use, trouble: Trouble): Use {
  const url = /http:\/\/127[^'\s]*/.exec(String(use.input['command']))?.[0] ?? '';
  const texts: Record<Trouble, () => Use> = {
    'time-out': () =>
      failing(use, 'Exit code 143\nCommand timed out after 2m 0.0s', 'time-out', { seconds: 120 }),
    'server-error': () =>
      failing(use, '{"status":500,"error":"Internal Server Error","path":"/scores"}', null),
    'error-inside': () =>
      failing(use, '{"error":{"type":"DatabaseError","message":"relation \\"scores\\" is locked"}}', null),
    permission: () => failing(use, `Exit code 1\nfopen ${url || path(use)}: Permission denied`, 'exit'),
    'disk-full': () => failing(use, `ENOSPC: no space left on device, write '${path(use)}'`, 'error'),
    'short-write': () => failing(use, `wrote 4096 of 18342 bytes to ${path(use)}`, null),
  };
  return texts[trouble]();
}
