import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cruiserArgs } from './check.ts';

const work = mkdtempSync(join(tmpdir(), 'warroom-imports-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Cruise {
  summary: { totalCruised: number; violations: { from: string; to: string; rule: { name: string } }[] };
}

/** Cruises a project of a few files and answers which rule took which file. */
async function cruise(
  name: string,
  files: Record<string, string>,
): Promise<{ seen: number; broken: string[] }> {
  const folder = join(work, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const folders = [...new Set(Object.keys(files).map((file) => file.split('/')[0] ?? ''))];
  const output = await new Promise<string>((resolve) => {
    const args = [...cruiserArgs('json'), ...folders];
    // It exits with the number of broken rules: what counts is what it printed.
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const { summary } = JSON.parse(output) as Cruise;
  return {
    seen: summary.totalCruised,
    broken: summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`).sort(),
  };
}

const value = (path: string) => `import { x } from '${path}';\nexport const y = x;\n`;
const type = (path: string) => `import type { X } from '${path}';\nexport type Y = X;\n`;
const leaf = 'export const x = 1;\nexport type X = number;\n';

describe('import rules', { timeout: 30_000 }, () => {
  test('every forbidden import is reported by its rule', async () => {
    const { broken, seen } = await cruise('bad', {
      'common/lib/clock.ts': value('node:fs'),
      'common/lib/escape.ts': value('../../main/ladder/index.ts'),
      'main/ladder/index.ts': leaf,
      'main/capture/index.ts': value('../ladder/index.ts'),
      'main/capture/page.ts': value('../../renderer/ui/button.ts'),
      'renderer/ui/button.ts': leaf,
      'renderer/ui/clever.ts': value('../store/fold.ts'),
      'renderer/store/fold.ts': leaf,
      'renderer/panes/scope/pane.ts': leaf,
      'renderer/panes/ladder/pane.ts': value('../scope/pane.ts'),
      'native/pty-host/main.ts': value('../../main/ladder/index.ts'),
      'main/paging/a.ts': "import { b } from './b.ts';\nexport const a = b;\n",
      'main/paging/b.ts': "import { a } from './a.ts';\nexport const b = a;\n",
    });
    expect(seen).toBeGreaterThanOrEqual(13);
    for (const expected of [
      'common-without-node: common/lib/clock.ts',
      'common-imports: common/lib/escape.ts',
      'rooms-apart: main/capture/index.ts',
      'main-imports: main/capture/page.ts',
      'renderer-ui-imports: renderer/ui/clever.ts',
      'panes-apart: renderer/panes/ladder/pane.ts',
      'native-imports: native/pty-host/main.ts',
      'no-circles: main/paging/a.ts',
    ]) {
      expect(broken).toContain(expected);
    }
  });

  test('what the table allows passes', async () => {
    const { broken, seen } = await cruise('good', {
      'common/lib/clock.ts': leaf,
      'main/platform/types.ts': leaf,
      'main/platform/node/children.ts':
        "import { fork } from 'node:child_process';\nexport const x = fork;\n",
      'main/ladder/index.ts': value('../../common/lib/clock.ts'),
      'main/capture/index.ts': type('../ladder/index.ts'),
      'main/warroom.ts': value('./capture/index.ts').replace('{ x }', '{ type Y as X }'),
      'main/capture/capture.test.ts': value('../ladder/index.ts').replace('{ x }', '{ y as x }'),
      'renderer/panes/scope/pane.ts': value('../../../common/lib/clock.ts'),
      'renderer/store/store.ts':
        "import { x } from './slice.ts';\nexport type X = number;\nexport const y = x;\n",
      'renderer/store/slice.ts': `${type('./store.ts')}export const x = 1;\n`,
    });
    expect(broken).toEqual([]);
    expect(seen).toBeGreaterThanOrEqual(8);
  });
});

test('the real project is seen whole, by the same command as the check', async () => {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [...cruiserArgs('json'), 'common'], (_error, stdout) => resolve(stdout));
  });
  const { summary } = JSON.parse(output) as Cruise;
  expect(summary.totalCruised).toBeGreaterThan(20);
}, 30_000);
