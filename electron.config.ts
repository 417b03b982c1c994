import { existsSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Entries by the name of their built file in out/main: siblings find each other as `./<name>.js`. */
const mainEntries = {
  electron: 'main/electron.ts',
  host: 'main/host.ts',
  cli: 'main/cli.ts',
  'device-host': 'native/device-host/main.ts',
  'pty-host': 'native/pty-host/main.ts',
  'bundle-worker': 'main/evidence/bundle/worker.ts',
  'digest-worker': 'main/evidence/verify/digest-worker.ts',
};

const present = (entries: Record<string, string>) =>
  Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: present(mainEntries),
        // Chunks beside the entries, never in a folder: a chunk's `new URL('./pty-host.js', import.meta.url)` must hold.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload may require only a few built-in modules, so it must be one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'preload/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      sourcemap: true,
      minify: true,
      // One page, loaded from this machine: a large chunk costs nothing.
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
});
