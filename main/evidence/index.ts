export { createBundleApi } from './api.ts';
export { endCutExports } from './cut-exports.ts';
export { createEvidenceApi } from './keep.ts';
export { createLocker, digestFile, type Locker } from './locker.ts';
export type { OpenFile } from './bundle/recordings.ts';
export { exportBundle } from './bundle/export.ts';
