import { expect } from '@playwright/test';
import { startDrill, test } from './room.ts';

test('faults of the rig, several at once and in degrees, by keyboard and from the command line', async ({
  page,
  room,
}) => {
  await startDrill(page, room.link);
  await page.getByTestId('tab-rig').click();
  const fault = (name: string) => page.getByTestId(`fault-${name}`);
  const rig = (...args: string[]) => room.warroom('rig', 'fault', '--data', room.dataDir, ...args);

  // How gross by the arrow keys, what to aim at in the list, and on with Enter.
  await page.getByRole('radio', { name: 'clear' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'severe' })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Aim at, for: Load cells')).toBeFocused();
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(fault('saturated')).toContainText('cell-b, severe');
  await fault('beam-stuck').getByRole('button', { name: 'Switch on' }).press('Space');
  await expect(fault('beam-stuck')).toHaveAttribute('data-on', 'true');
  await expect(fault('saturated')).toHaveAttribute('data-on', 'true');

  // The same faults by the command line, which says what there is when it is told what there is not.
  const on = await rig('drift', '--target', 'cell-b', '--severity', 'slight');
  expect([on.code, on.out]).toEqual([0, 'drift on (cell-b, slight)\n']);
  await expect(fault('drift')).toContainText('cell-b, slight');
  expect((await rig('saturated', '--off')).out).toBe('saturated off (cell-b)\n');
  await expect(fault('saturated')).toHaveAttribute('data-on', 'false');
  const none = await rig('magic');
  expect(none.code).toBe(1);
  expect(none.err).toContain('The rig has no fault "magic".');
  expect(none.err).toContain('beam-lamps');
  expect((await rig('drift', '--severity', 'gross')).err).toContain('slight, clear, severe');

  await page.getByTestId('tab-timeline').click();
  await expect(page.getByTestId('timeline')).toContainText('switched fault drift (cell-b, slight) on');
});
