import { expect, type Page } from '@playwright/test';
import { startDrill, test } from './room.ts';

/** Elements of the header and the tabs that stick out of the window, by what they say. */
const cutOff = (page: Page) =>
  page.locator('.top > *, .tab').evaluateAll((elements) =>
    elements
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.left < 0 || box.right > window.innerWidth + 0.5);
      })
      .map((element) => element.textContent),
  );

async function largestText(page: Page): Promise<void> {
  for (let i = 0; i < 3; i++) await page.keyboard.press('Alt+Shift+ArrowUp');
}

test('text at 150 % on a small screen: every pane is a tab, reached by keys, and nothing is cut off', async ({
  page,
  room,
}) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await startDrill(page, room.link);
  expect(await cutOff(page)).toEqual([]);
  await largestText(page);
  await expect(page.getByTestId('tab-scopes')).toBeVisible();
  expect(await cutOff(page)).toEqual([]);
  for (const [key, pane] of [
    ['L', 'ladder'],
    ['S', 'scopes'],
    ['T', 'terminal'],
    ['4', 'devices'],
  ] as const) {
    await page.keyboard.press(`Alt+${key}`);
    await expect(page.getByTestId(`pane-${pane}`)).toBeVisible();
    await expect(page.locator('.room[data-shape="single"] [data-pane]:focus-within')).toHaveCount(1);
  }
  await page.reload();
  await expect(page.getByTestId('tab-scopes')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.style.fontSize)).toBe('150%');
});

test('while Alt is held, controls show their keys', async ({ page, room }) => {
  await startDrill(page, room.link);
  await page.keyboard.press('F6');
  await page.keyboard.down('Alt');
  await expect(page.locator('html')).toHaveAttribute('data-key-tips');
  const tip = page.getByTestId('tab-devices').locator('[data-keys]');
  expect(await tip.evaluate((element) => getComputedStyle(element, '::after').content)).toBe('"Alt 4"');
  await page.keyboard.up('Alt');
  await expect(page.locator('html')).not.toHaveAttribute('data-key-tips');
});
