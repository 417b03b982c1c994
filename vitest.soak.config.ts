import { defineConfig } from 'vitest/config';

const HOUR_MS = 3_600_000;

/** Long runs, one at a time: they measure what a busy machine would blur. */
export default defineConfig({
  test: {
    include: ['test/soak/**/*.soak.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 12 * HOUR_MS,
    hookTimeout: 60_000,
  },
});
