import { expect } from '@playwright/test';
import { startDrill, test } from './room.ts';

test('by keyboard: the checks are run, a finding is read and its evidence opened, and a run is called off', async ({
  page,
  room,
}) => {
  await startDrill(page, room.link);
  const rung = page.getByTestId('rung-3');
  const of = (check: string) => rung.locator(`[data-check="${check}"]`);

  // The rig's profile says what there is to check.
  await expect(page.getByTestId('run-checks')).not.toHaveAttribute('aria-disabled', 'true');

  await test.step('all of them, on a healthy rig', async () => {
    await page.keyboard.press('Alt+R');
    await expect(rung.getByTestId('rung-status')).toContainText('checking');
    for (const service of ['cv', 'llm']) {
      await expect(of(`tools.service ${service}`)).toHaveAttribute('data-result', 'pass');
      await expect(of(`tools.service ${service}`)).toContainText(`${service} answers`);
    }
    await expect(of('tools.device cell-a')).toHaveAttribute('data-result', 'pass');
    await expect(page.getByTestId('run-checks')).toBeVisible();
  });

  await test.step('what was well and fails now says so', async () => {
    await page.keyboard.press('Alt+5');
    await page.getByTestId('fault-service-down').getByRole('button').press('Enter');
    await page.keyboard.press('Alt+R');
    const found = rung.locator('[data-check^="tools.service"][data-result="fail"]');
    await expect(found).toContainText('passed before');
    await found.press('Enter');
    await expect(rung.locator('.finding-details')).toContainText('Next');
    await rung.getByRole('button', { name: 'Open its evidence' }).press('Enter');
    await expect(page.getByTestId('timeline').locator('[aria-expanded=true]')).toContainText('Failed on');
  });

  await test.step('a run is called off, and what was found stays', async () => {
    await expect(page.getByTestId('run-checks')).toBeVisible();
    await page.keyboard.press('Alt+R');
    await page.getByTestId('stop-checks').press('Enter');
    await expect(page.getByTestId('run-checks')).toBeVisible();
    await expect(page.getByTestId('timeline')).toContainText('Checks called off');
    await expect(of('tools.device cell-a')).toHaveAttribute('data-result', 'pass');
  });
});
