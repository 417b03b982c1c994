import type { Configuration } from 'electron-builder';

/**
 * What goes into the app and which of Electron's doors are shut in it. `testable` leaves the inspector open: without it
 * no test can drive the packaged app, so a tested build is a second one that differs in this fuse alone.
 */
export function appConfiguration(testable: boolean): Configuration {
  return {
    appId: 'app.warroom.desktop',
    productName: 'War Room',
    directories: { output: testable ? 'dist/testable' : 'dist/release' },
    // The locked Node is for working on the project; Electron brings its own.
    files: ['out/**', '!out/**/*.map', 'package.json', 'LICENSE', '!node_modules/node-*-{x64,arm64}/**'],
    asar: true,
    // Loaded or executed by the system itself, which can't look into an archive.
    asarUnpack: ['**/*.node', '**/spawn-helper', '**/*.dll', '**/*.exe'],
    // Every native module is Node-API and prebuilt.
    npmRebuild: false,
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: testable,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    linux: { target: ['AppImage', 'deb'], category: 'Development' },
    mac: { target: ['dmg'], category: 'public.app-category.developer-tools', hardenedRuntime: true },
    win: { target: ['nsis'] },
    publish: null,
  };
}
