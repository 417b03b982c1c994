import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, type Locator, type Page } from '@playwright/test';
import { spawnWarroom, test, type Room } from './room.ts';

/** A part rests this long between two others that are weighed, seconds; a cell is steady for less. */
const steady = '0.4';
/** What a part of the rig weighs on one cell, grams within a few percent. */
const partGrams = '155';

/** Moves on by Tab until the focus is on `target`, as a person without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 120; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target.toString()}.`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** A rig in a process of its own; its ports by device, and what it is told. */
async function startRig(room: Room) {
  const child = spawnWarroom(room.dataDir, 'rig', '--ephemeral', '--data', join(room.dataDir, 'rig'));
  const lines = createInterface({ input: child.stdout });
  const paths: Record<string, string> = {};
  const said: string[] = [];
  lines.on('line', (line) => {
    said.push(line);
    const [, id, path] = /^(\S+)\s+\S+\s+(\/\S+)$/.exec(line) ?? [];
    if (id && path) paths[id] = path;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await expect.poll(() => Object.keys(paths)).toEqual(expect.arrayContaining(['cell-a', 'cell-b', 'beam']));
  return {
    paths,
    tell: async (line: string, answer: RegExp) => {
      child.stdin.write(`${line}\n`);
      await expect.poll(() => said.some((each) => answer.test(each))).toBe(true);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Listens at a port, waits until it is known what speaks there, and connects it. */
async function connect(page: Page, path: string, speaks: RegExp): Promise<void> {
  await tabTo(page, page.getByTestId('port-path'));
  await page.keyboard.type(path);
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: `Port ${path}` });
  await expect(card).toContainText(speaks);
  await press(page, card.getByRole('button', { name: 'Connect', exact: true }));
}

test('a rig is connected, watched, measured, named, calibrated and kept without a pointer, and its capture replayed', async ({
  page,
  room,
}) => {
  test.setTimeout(120_000);
  const rig = await startRig(room);
  try {
    await page.goto(room.link);
    await tabTo(page, page.getByLabel('What is wrong, in a few words'));
    await page.keyboard.type('Scores wrong on line 3');
    await press(page, page.getByRole('button', { name: 'Connect the rig' }));

    await test.step('each port is known by its lines', async () => {
      await connect(page, rig.paths['cell-a']!, /HX711 cell/);
      await connect(page, rig.paths.beam!, /IR beam/);
      for (const id of ['cell-a', 'beam'])
        await expect(page.getByTestId(`device-${id}`)).toHaveAttribute('data-state', 'connected');
    });

    await test.step('the beam triggers', async () => {
      await page.keyboard.press('Alt+G');
      const form = page.getByTestId('trigger-form');
      await expect(form.getByLabel('Of channel')).toHaveValue('beam/beam');
      await press(page, form.getByTestId('trigger-arm'));
      const bar = page.getByTestId('trigger');
      await expect(bar).toContainText(/(armed|collecting) · [1-9]/);
      await expect(page.getByTestId('pane-scopes')).toContainText('held');
      await page.keyboard.press('Alt+S');
      await page.keyboard.press('End');
    });

    await test.step('the cell is measured', async () => {
      await page.keyboard.press('Alt+M');
      const row = page.getByTestId('measured-cell-a-weight');
      // Samples a second, from the lines that came.
      await expect(row).toContainText(/(7\d|8\d)(\.\d+)?\/s/);
    });

    await test.step('a fault that is switched on is named, with the next check', async () => {
      await rig.tell('fault saturated cell-a', /^saturated on/);
      const named = page.getByTestId('named-saturated-cell-a');
      await expect(named).toContainText('Saturated');
      await expect(named).toContainText('Check the wires E+');
      await press(page, named.getByRole('button', { name: 'Finding' }));
      await expect(page.getByTestId('timeline').locator('[aria-expanded=true]')).toContainText('Saturated');
      await rig.tell('clear saturated cell-a', /^saturated off/);
      await expect(named).toHaveCount(0);
    });

    await test.step('the cell is calibrated between two parts', async () => {
      await page.keyboard.press('Alt+4');
      await press(page, page.getByTestId('device-cell-a').getByRole('button', { name: 'Calibrate' }));
      const dialog = page.getByTestId('calibrate');
      await tabTo(page, dialog.getByTestId('calibrate-seconds'));
      await page.keyboard.press('Control+A');
      await page.keyboard.type(steady);
      await untilStep(page, dialog, 'weights', () => press(page, dialog.getByTestId('calibrate-tare')));
      const points = dialog.locator('tbody tr');
      await tabTo(page, dialog.getByTestId('calibrate-grams'));
      await page.keyboard.type(partGrams);
      await expect(async () => {
        await page.keyboard.press('Enter');
        await expect(points).toHaveCount(2, { timeout: 3_000 });
      }).toPass();
      await press(page, dialog.getByTestId('calibrate-finish'));
      await expect(dialog).toHaveAttribute('data-step', 'done');
      await page.keyboard.press('Escape');
    });

    await test.step('ten seconds are kept', async () => {
      await page.keyboard.press('Control+K');
      await page.keyboard.type('keep 10');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Alt+2');
      await expect(page.getByTestId('kept').first()).toContainText('capture');
    });

    await test.step('what was captured plays through the same driver', async () => {
      await page.keyboard.press('Control+K');
      await page.keyboard.type('leave');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('first-run')).toBeVisible();
      await tabTo(page, page.getByLabel('What is wrong, in a few words'));
      await page.keyboard.type('The same once more');
      await press(page, page.getByRole('button', { name: 'Connect the rig' }));
      const [capture] = await capturesIn(room.dataDir);
      const link = join(room.dataDir, 'replayed');
      const replay = room.warroom('replay', capture!, '--link', link, '--device', 'cell-a', '--speed', '4');
      await connect(page, link, /HX711 cell/);
      const { out, err } = await replay;
      expect(err).toBe('');
      const played = Number(/Played (\d+) lines/.exec(out)?.[1]);
      const device = page.getByTestId('device-replayed');
      await expect(device).toContainText('0 lines · 0 B');
      expect(played).toBeGreaterThan(500);
    });
  } finally {
    await rig.stop();
  }
});

async function capturesIn(dataDir: string): Promise<string[]> {
  const files = await readdir(dataDir, { recursive: true });
  return files
    .filter((file) => file.endsWith('.mcap') && file.includes('captures'))
    .map((file) => join(dataDir, file));
}

/** Does it again while the load on the cell is not what is asked for: a line that runs does not wait. */
async function untilStep(page: Page, dialog: Locator, step: string, act: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await act();
    await expect(dialog).toHaveAttribute('data-step', step, { timeout: 3_000 });
  }).toPass();
}
