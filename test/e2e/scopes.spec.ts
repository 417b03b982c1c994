import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { changedColours, pixels, startDrill, test, tracePixels } from './room.ts';

const lane = 'cell-a-weight';
/** At least, of a drill's capture; what was sampled is written each second. */
const bytesPerSecond = 5000;
const pane = (page: Page) => page.getByTestId('pane-scopes');

/** What the host has written of all its captures. */
async function capturedBytes(dataDir: string): Promise<number> {
  const files = await readdir(dataDir, { recursive: true });
  const captures = files.filter((file) => file.endsWith('.mcap'));
  const sizes = await Promise.all(captures.map(async (file) => (await stat(join(dataDir, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The lane's pixels once two looks a second apart see the same: what was under way at the hold has arrived. */
async function settledPixels(page: Page): Promise<Uint8ClampedArray> {
  let last = await pixels(page, lane, 0, 0.9);
  const look = async () => {
    const before = last;
    last = await pixels(page, lane, 0, 0.9);
    return changedColours(before, last);
  };
  await expect.poll(look, { intervals: [1000], timeout: 20_000 }).toBe(0);
  return last;
}

test('hold freezes the view only: the capture goes on and is there on following again', async ({
  page,
  room,
}) => {
  await startDrill(page, room.link);
  // Marks are drawn before the first sample: a value tells, not a pixel.
  await expect(page.getByTestId(`meas-${lane}`)).toHaveText(/^-?[\d.]+ g/, { timeout: 30_000 });
  await page.getByTestId('scopes-hold').click();
  await expect(pane(page)).toContainText('held');
  // The newest columns may still be filled with what was under way, and the entries of the start; all else stands still.
  const frozen = await settledPixels(page);
  // The recorder's file grows while the picture does not: by more than what waited to be written at the start.
  await page.getByTestId('tab-devices').click();
  await expect(page.getByTestId('device-cell-a')).toHaveAttribute('data-state', 'connected');
  const then = await capturedBytes(room.dataDir);
  await expect.poll(() => capturedBytes(room.dataDir)).toBeGreaterThan(then + 3 * bytesPerSecond);
  const changed = async () => changedColours(frozen, await pixels(page, lane, 0, 0.9));
  expect(await changed()).toBe(0);
  await page.getByTestId('scopes-hold').click();
  await expect(pane(page)).toContainText('live');
  await expect.poll(changed).toBeGreaterThan(100);
  await expect.poll(() => tracePixels(page, lane, 0.9, 1)).toBeGreaterThan(20);
});

test('wheel, keys and drag move the axis; the pointer reads values', async ({ page, room }) => {
  await startDrill(page, room.link);
  await expect.poll(() => tracePixels(page, lane)).toBeGreaterThan(200);
  await expect(pane(page)).toContainText('5 s/div');
  await page.getByTestId(`scope-${lane}`).scrollIntoViewIfNeeded();
  const box = (await page.getByTestId(`scope-${lane}`).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.95, box.y + box.height / 2);
  await page.mouse.wheel(0, -800);
  await expect(pane(page)).not.toContainText('5 s/div');
  await expect(page.locator('.cursor-line')).toHaveText(/^\d\d:\d\d:\d\d/);
  await expect(
    page.locator('.scope', { has: page.getByTestId(`scope-${lane}`) }).locator('.lab'),
  ).toContainText(/\d g$/);
  await page.getByRole('group', { name: /^Scopes\./ }).focus();
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await page.keyboard.press('ArrowLeft');
  await expect(pane(page)).toContainText('held');
  await page.keyboard.press('End');
  await expect(pane(page)).toContainText('live');
  // Shift and drag selects a stretch, which is kept as it is.
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(pane(page)).toContainText('s selected');
  await page.getByTestId('keep-window').click();
  await page.getByTestId('tab-evidence').click();
  await expect(page.getByTestId('kept')).toContainText(/capture/);
});

test('the timeline is searched, an entry shows itself, and the strip goes back in time', async ({
  page,
  room,
}) => {
  await startDrill(page, room.link);
  const timeline = page.getByTestId('timeline');
  const connected = timeline.locator('[data-type="device.connected"]');
  // Services are told of in the same words.
  await expect(connected.filter({ hasText: 'serial:' })).toHaveCount(3);
  await page.getByRole('textbox', { name: 'Find in the timeline' }).fill('IR beam');
  await expect(timeline.locator('[data-type]')).toHaveCount(1);
  await timeline.locator('[data-type]').click();
  await expect(timeline).toContainText('device.connected');
  await page.getByRole('textbox', { name: 'Find in the timeline' }).fill('');
  const card = page.getByTestId('rung-1');
  await card.getByRole('button', { name: '+ Finding' }).click();
  await card.getByLabel('What was seen, in one sentence').fill('Seen just now.');
  await card.getByRole('button', { name: 'Add finding' }).click();
  await expect(card).toContainText('Seen just now.');
  const bar = (await page.locator('.strip-bar').boundingBox())!;
  await page.mouse.click(bar.x + bar.width * 0.3, bar.y + bar.height * 0.7);
  await expect(page.getByRole('status').filter({ hasText: 'You are looking at' })).toBeVisible();
  await expect(card).not.toContainText('Seen just now.');
  await page.getByRole('button', { name: 'Return to now' }).click();
  await expect(card).toContainText('Seen just now.');
});
