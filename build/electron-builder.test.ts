import { expect, test } from 'vitest';
import { appConfiguration } from './electron-builder.ts';

test('a release has every fuse set, and none that runs foreign code in our name', () => {
  expect(appConfiguration(false).electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('the testable build differs in the inspector and its folder alone', () => {
  const { electronFuses, directories, ...release } = appConfiguration(false);
  const { electronFuses: testFuses, directories: testFolders, ...testable } = appConfiguration(true);
  expect(testable).toEqual(release);
  expect(testFuses).toEqual({ ...electronFuses, enableNodeCliInspectArguments: true });
  expect(testFolders).not.toEqual(directories);
});
