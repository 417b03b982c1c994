import { defineConfig } from 'vitest/config';

const places = ['common', 'main', 'native', 'preload', 'renderer', 'build', 'test'];

export default defineConfig({
  test: {
    include: places.map((place) => `${place}/**/*.test.{ts,tsx}`),
    exclude: ['**/node_modules/**', 'out/**', 'test/e2e/**', 'test/soak/**'],
    pool: 'forks',
    maxWorkers: 2,
    // What hangs is ended; a loaded machine is not what these are to catch.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 5_000,
  },
});
