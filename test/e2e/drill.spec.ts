import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expectComplaint, gapPixels, picture, startDrill, test, tracePixels, watch } from './room.ts';

const lane = 'cell-a-weight';

async function runCommand(page: Page, line: string): Promise<void> {
  await page.getByTestId('open-shell').click();
  await expect(page.getByTestId('terminal-screen').locator('.xterm-rows')).toContainText(/[$#]\s*$/);
  await page.keyboard.type(`${line}\n`);
}

/** Adds a finding on the rung and decides it on that and on all that was kept there. */
async function decide(page: Page, rung: number, verb: 'Eliminate' | 'Implicate'): Promise<void> {
  const card = page.getByTestId(`rung-${rung}`);
  await card.getByRole('button', { name: '+ Finding' }).click();
  await card.getByLabel('What was seen, in one sentence').fill(`Rung ${rung} was looked at.`);
  await card.getByRole('button', { name: 'Add finding' }).click();
  await expect(card).toContainText(`Rung ${rung} was looked at.`);
  await card.getByRole('button', { name: verb, exact: true }).click();
  await card.getByLabel('Reason').fill(`Because of what was seen on rung ${rung}.`);
  await card.getByTestId('decide-confirm').click();
  await expect(card.getByTestId('rung-status')).toHaveText(
    verb === 'Eliminate' ? 'eliminated' : 'implicated',
  );
}

test('a drill, from the first trace to a bundle that proves itself', async ({ page, room }) => {
  test.setTimeout(120_000);
  await startDrill(page, room.link);

  // Traces move: there is ink, and it changes.
  await expect.poll(() => tracePixels(page, lane)).toBeGreaterThan(200);
  const before = await picture(page, lane);
  await expect.poll(() => picture(page, lane)).not.toBe(before);

  // A pulled plug: the device is lost, the gap is drawn, and it comes back.
  await page.getByTestId('tab-rig').click();
  const unplug = page.getByTestId('fault-unplug');
  await unplug.getByRole('button', { name: 'Switch on' }).click();
  await page.getByTestId('tab-timeline').click();
  const timeline = page.getByTestId('timeline');
  await expect(timeline.locator('[data-type="device.disconnected"]')).toHaveCount(1);
  await expect.poll(() => gapPixels(page, lane)).toBeGreaterThan(50);
  await page.getByTestId('tab-rig').click();
  await unplug.getByRole('button', { name: 'Switch off' }).click();
  await page.getByTestId('tab-timeline').click();
  await expect(timeline.locator('[data-type="gap.lost"]')).toHaveCount(1);
  // Three boards, and the one that came back; services are not on serial ports.
  const connected = timeline.locator('[data-type="device.connected"]').filter({ hasText: 'serial:' });
  await expect(connected).toHaveCount(4);
  await expect.poll(() => tracePixels(page, lane, 0.97, 1)).toBeGreaterThan(5);

  // A command in the recorded shell, seen in the timeline and kept.
  await runCommand(page, 'echo "a command in the room"');
  await expect(timeline).toContainText('echo "a command in the room"');
  await expect(timeline.locator('[data-type="command.ended"]')).toHaveCount(1);
  await page.getByTestId('keep-last-command').first().click();

  // Ten seconds of the traces as evidence.
  await page.getByRole('button', { name: 'Keep 10 s' }).click();
  await page.getByTestId('tab-evidence').click();
  await expect(page.getByTestId('kept')).toHaveCount(2);

  // No rung is skipped: the host refuses, and says why.
  const third = page.getByTestId('rung-3');
  await third.getByRole('button', { name: /Decide/ }).click();
  await third.getByLabel('Reason').fill('In a hurry.');
  await third.getByTestId('decide-confirm').click();
  await expect(page.getByRole('alert').filter({ hasText: 'No rung is skipped' })).toBeVisible();
  await third.getByRole('button', { name: 'Cancel' }).click();
  for (const rung of [1, 2, 3, 4]) await decide(page, rung, 'Eliminate');
  await decide(page, 5, 'Implicate');

  // The bundle, proved by a fresh process that knows only the device's key.
  await page.getByTestId('export').click();
  await expect(page.getByTestId('task')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  const file = await page.getByTestId('bundle-file').innerText();
  const verified = await room.warroom('verify', file, '--trust', await deviceKey(room.dataDir));
  expect(verified.out).toMatch(/^intact: yes\nsigned by: warroom-device\/\w+ \w+ trusted\n/);
  expect(verified.code).toBe(0);
});

async function deviceKey(dataDir: string): Promise<string> {
  return (JSON.parse(await readFile(`${dataDir}/keys/device.json`, 'utf8')) as { vkey: string }).vkey;
}

test('a second browser joins as a local seat, and the first one sees it', async ({
  page,
  room,
  browser,
  complaints,
}) => {
  await startDrill(page, room.link);
  await page.getByTestId('tab-people').click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const url = (await page.getByRole('button', { name: /^Copy the link/ }).getAttribute('aria-label'))!
    .split(' ')
    .at(-1)!;
  const second = await (await browser.newContext()).newPage();
  watch(second, complaints);
  await second.goto(url);
  await expect(second.getByTestId('title')).toContainText('Drill');
  await expect.poll(() => tracePixels(second, lane)).toBeGreaterThan(100);
  await expect(page.getByTestId('seat')).toHaveCount(2);
  await expect(page.getByTestId('seat').filter({ hasText: 'Observer' })).toContainText('local');
  // An observer looks on: what it may not do says so.
  await expect(second.getByTestId('rung-1').getByRole('button', { name: 'Eliminate' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  // The link opens the room once.
  const third = await (await browser.newContext()).newPage();
  await third.goto(url);
  await expect(third.getByRole('alert')).toContainText('used already');
});

test('a dropped file is kept, and opens in a sandbox of its own', async ({
  page,
  room,
  complaints,
  context,
}) => {
  await startDrill(page, room.link);
  await page.getByTestId('tab-evidence').click();
  const script = '<script>document.title = "it ran"</script><p>what the vendor sent</p>';
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'report.html', mimeType: 'text/html', buffer: Buffer.from(script) });
  const kept = page.getByTestId('kept');
  await expect(kept).toContainText('report.html');
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    kept.getByRole('button', { name: 'Open' }).click(),
  ]);
  await expect(opened.locator('body')).toContainText('what the vendor sent');
  expect(await opened.title()).not.toBe('it ran');
  // The ticket served once.
  const again = await page.evaluate(async (url) => (await fetch(url)).status, opened.url());
  expect(again).toBe(404);
  await expectComplaint(complaints, `404 (Not Found) ${opened.url()}`);
});

test('a reload keeps the seat, and a lost host is a banner', async ({ page, room, complaints }) => {
  await startDrill(page, room.link);
  await page.reload();
  await expect(page.getByTestId('title')).toContainText('Drill');
  await room.stop();
  await expect(page.getByRole('alert').filter({ hasText: 'The link to the host is lost' })).toBeVisible();
  // The page tries again until it is closed: each try complains.
  await expect.poll(() => complaints).not.toEqual([]);
  await page.close();
  await expectComplaint(complaints, 'net::ERR_CONNECTION_REFUSED');
});

test('by keyboard: panes, palette and the way out of the terminal', async ({ page, room }) => {
  await startDrill(page, room.link);
  await page.getByTestId('open-shell').click();
  await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
  await page.keyboard.press('F6');
  await expect(page.locator('.xterm-helper-textarea')).not.toBeFocused();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).fill('evidence');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('tab-evidence')).toHaveAttribute('aria-selected', 'true');
});

test('by keyboard: the focus comes back to the rung when its form closes', async ({ page, room }) => {
  await startDrill(page, room.link);
  const card = page.getByTestId('rung-1');
  const says = card.getByLabel('What was seen, in one sentence');
  const open = async () => {
    await card.getByRole('button', { name: '+ Finding' }).press('Enter');
    await expect(says).toBeFocused();
  };
  await open();
  await page.keyboard.press('Escape');
  await expect(card).toBeFocused();
  await open();
  await card.getByRole('button', { name: 'Cancel' }).press('Enter');
  await expect(card).toBeFocused();
  await open();
  await says.fill('Seen by keyboard.');
  await card.getByRole('button', { name: 'Add finding' }).press('Enter');
  await expect(says).not.toBeVisible();
  await expect(card).toBeFocused();
});

test('at 1024 × 700 the ladder is a tab, and nothing is cut off', async ({ page, room }) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await startDrill(page, room.link);
  await page.getByTestId('tab-ladder').click();
  await expect(page.getByTestId('rung-1')).toBeVisible();
  await page.getByTestId('scopes-hold').click();
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    expect(await cutOff(page)).toEqual([]);
  }
  await expect(page.getByTestId('export')).toBeInViewport({ ratio: 1 });
});

/** What is too wide for its place: the place hides it, so that only the widths tell. */
function cutOff(page: Page): Promise<string[]> {
  return page
    .locator('html, .top, .head')
    .evaluateAll((places) =>
      places
        .filter((each) => each.scrollWidth > each.clientWidth)
        .map((each) => `${each.className || each.tagName}: ${each.textContent}`),
    );
}
