import { defineConfig } from '@playwright/test';
import { findChromium } from './build/system.ts';

const executablePath = await findChromium();
const asRoot = process.getuid?.() === 0;

/** A browser that talks to nobody but the room, and draws the same text everywhere. */
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
];

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    trace: 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium's sandbox does not start for root, as in most containers of continuous integration.
      args: asRoot ? [...quiet, '--no-sandbox'] : quiet,
    },
  },
});
