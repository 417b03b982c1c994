import { expect, type Page } from '@playwright/test';
import { startDrill, test } from './room.ts';

const lane = 'cell-a-weight';
const cursors = (page: Page) => page.getByTestId('cursors');
const atCursors = (page: Page, name: string) => page.getByTestId(`at-cursors-${name}`);
const laneOf = (page: Page, name: string) => page.getByTestId(`lane-${name}`);
/** Names of the lanes from top to bottom. */
const laneNames = (page: Page) => page.locator('.scope .lab b').allTextContents();

/** A drill whose samples come in. Marks are drawn before the first of them: a value tells, not a pixel. */
async function liveDrill(page: Page, link: string): Promise<void> {
  await startDrill(page, link);
  await expect(page.getByTestId(`meas-${lane}`)).toHaveText(/^-?[\d.]+ gp-p .* sps/, { timeout: 30_000 });
}

/** A drill whose scopes stand still and take the keys. */
async function heldScopes(page: Page, link: string): Promise<void> {
  await liveDrill(page, link);
  await page.keyboard.press('Alt+S');
  await expect(page.locator('.scopes')).toBeFocused();
  await page.keyboard.press('Alt+H');
  await expect(page.getByTestId('pane-scopes')).toContainText('held');
}

/** The time between the cursors, in milliseconds. */
async function deltaOf(page: Page): Promise<number> {
  const text = await page.getByTestId('cursor-delta').textContent();
  const [, sign, number, unit] = /^Δt (−?)([\d.]+) (µs|ms|s)$/.exec(text!)!;
  return (sign ? -1 : 1) * Number(number) * { µs: 0.001, ms: 1, s: 1000 }[unit as 'ms'];
}

test('two cursors are put and moved by keys; each lane tells its samples and their difference', async ({
  page,
  room,
}) => {
  await heldScopes(page, room.link);
  await page.keyboard.press('a');
  await expect(cursors(page)).toHaveText(/A \d\d:\d\d:\d\d\.\d{3}/);
  await page.keyboard.press('b');
  await expect(page.getByTestId('cursor-delta')).toHaveText('Δt 0 µs');
  await page.keyboard.press('ArrowRight');
  const step = await deltaOf(page);
  expect(step).toBeGreaterThan(1);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await deltaOf(page)).toBeCloseTo(11 * step, 0);
  for (let i = 0; i < 10; i++) await page.keyboard.press('Shift+ArrowRight');
  expect(await deltaOf(page)).toBeCloseTo(111 * step, 0);
  await expect(cursors(page)).toContainText(/1\/Δt [\d.]+ Hz/);
  await expect(atCursors(page, lane).locator('[data-exact="true"]')).toHaveCount(2);
  await expect(atCursors(page, lane)).toHaveText(/^A -?[\d.]+B -?[\d.]+Δ [+−][\d.]+$/);
  await expect(atCursors(page, 'beam-beam')).toHaveText(/^A (free|broken)B (free|broken)$/);
  // The one that was put last goes first; the other one moves then.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cursor-B')).toHaveCount(0);
  const before = await page.getByTestId('cursor-A').textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('cursor-A')).not.toHaveText(before!);
  await page.keyboard.press('Escape');
  await expect(cursors(page)).toHaveCount(0);
});

test('the sample at a cursor is the one that the host measured there', async ({ page, room }) => {
  await heldScopes(page, room.link);
  await page.keyboard.press('a');
  // So far in that a column holds one sample at most: what is drawn there is the sample itself.
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  await expect(page.getByTestId('pane-scopes')).toContainText('ms/div');
  await page.keyboard.press('a');
  // What earlier devices held comes later, and the last samples are on their way.
  await expect(atCursors(page, lane)).toHaveText(/^A -?[\d.]+$/);
  await expect(atCursors(page, lane).locator('[data-exact="true"]')).toHaveCount(1);
  const exact = await atCursors(page, lane).textContent();
  await page.getByTestId(`scope-${lane}`).scrollIntoViewIfNeeded();
  const box = (await page.getByTestId(`scope-${lane}`).boundingBox())!;
  await page.keyboard.press('Escape');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(laneOf(page, lane).locator('.lab')).toContainText(`${exact!.slice(2)} g`);
});

test('the palette puts a cursor too, and a letter typed elsewhere puts none', async ({ page, room }) => {
  await startDrill(page, room.link);
  await page.keyboard.press('Control+K');
  await page.keyboard.type('put cursor a');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cursor-A')).toBeVisible();
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('b');
  await page.keyboard.press('Alt+S');
  await expect(page.getByTestId('cursor-B')).toHaveCount(0);
  await page.keyboard.press('b');
  await expect(page.getByTestId('cursor-B')).toBeVisible();
});

test('a beam is a lane of two levels with their words, called as its device is', async ({ page, room }) => {
  await startDrill(page, room.link);
  const beam = laneOf(page, 'beam-beam');
  await expect(beam.locator('.lab b')).toHaveText('IR beam');
  await expect(beam.locator('.level')).toHaveText(['free', 'broken']);
  await expect(page.getByTestId('meas-beam-beam')).toContainText(/free|broken/);
  const heights = await page
    .locator('.scope')
    .evaluateAll((lanes) => lanes.map((each) => [each.classList.contains('digital'), each.clientHeight]));
  const heightOf = (isDigital: boolean) => Number(heights.find(([is]) => is === isDigital)![1]);
  expect(heightOf(true)).toBeLessThan(heightOf(false));
});

test('lanes are hidden and moved by keys, and the head counts what is hidden', async ({ page, room }) => {
  await startDrill(page, room.link);
  const showAll = page.getByRole('button', { name: 'Show all as they came' });
  await page.keyboard.press('Alt+C');
  await showAll.press('Enter');
  await expect(page.getByTestId('scopes-channels')).toHaveText('Channels');
  await page.keyboard.press('Escape');
  const names = await laneNames(page);
  const all = names.length;
  await page.keyboard.press('Alt+C');
  const boxes = page.getByRole('checkbox');
  await expect(boxes.first()).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('scopes-channels')).toHaveText(`Channels ${all - 1} of ${all}`);
  await page.keyboard.press('ArrowDown');
  await expect(boxes.nth(1)).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(boxes.nth(2)).toBeFocused();
  await page.keyboard.press('Escape');
  expect((await laneNames(page)).slice(0, 2)).toEqual([names[2], names[1]]);
  expect(await laneNames(page)).not.toContain(names[0]);
  await page.keyboard.press('Alt+C');
  await showAll.press('Enter');
  await page.keyboard.press('Escape');
  expect((await laneNames(page)).slice(0, 3)).toEqual(names.slice(0, 3));
});

/** How many pixels of the canvas under a trace are inked. */
const ghostPixels = (page: Page) =>
  page.getByTestId(`ghost-${lane}`).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });

test('a kept window lies under the live trace, with its legend, until a key takes it off', async ({
  page,
  room,
}) => {
  await liveDrill(page, room.link);
  await page.getByTestId('keep-10s').press('Enter');
  await page.getByTestId('tab-evidence').click();
  await expect(page.getByTestId('kept')).toContainText('capture');
  await page.keyboard.press('Alt+S');
  await page.keyboard.press('Alt+W');
  await page.getByRole('button', { name: 'Compare with E-1' }).press('Enter');
  await expect(page.getByTestId('compare-legend')).toContainText('E-1');
  await expect.poll(() => ghostPixels(page)).toBeGreaterThan(100);
  await page.keyboard.press('Alt+W');
  await expect(page.getByTestId('compare-legend')).toHaveCount(0);
  await expect(page.getByTestId(`ghost-${lane}`)).toHaveCount(0);
});

test('a device that is gone: its lane tells how old its value is, and dims; others do not', async ({
  page,
  room,
}) => {
  await liveDrill(page, room.link);
  await expect(laneOf(page, lane)).not.toHaveClass(/stale/);
  await page.getByTestId('tab-devices').click();
  await page.getByTestId('device-cell-a').getByRole('button', { name: 'Disconnect' }).press('Enter');
  await expect(page.getByTestId(`meas-${lane}`)).toContainText(/^! \d+ s ago/);
  await expect(laneOf(page, lane)).toHaveClass(/stale/);
  await expect(laneOf(page, 'cell-b-weight')).not.toHaveClass(/stale/);
});

test('marks are gone through by keys, and each opens its entry in the timeline', async ({ page, room }) => {
  await startDrill(page, room.link);
  await expect(page.locator('.flag').first()).toBeVisible();
  await page.keyboard.press('Alt+S');
  await page.keyboard.press('p');
  const open = page.getByTestId('timeline').locator('[aria-expanded="true"]');
  await expect(open).toHaveCount(1);
  const first = await open.textContent();
  await page.keyboard.press('p');
  await expect(open).not.toHaveText(first!);
  await page.keyboard.press('n');
  await expect(open).toHaveText(first!);
});

test('the ruler grows with the text', async ({ page, room }) => {
  await startDrill(page, room.link);
  const ruler = page.locator('.ruler');
  const before = await ruler.evaluate((element) => element.clientHeight);
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await expect.poll(() => ruler.evaluate((element) => element.clientHeight)).toBe(before * 1.25);
});
