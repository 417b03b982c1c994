// Who may import whom: the table of the README as rules for dependency-cruiser. Tests may reach across rooms.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// A `.contract.ts` is a suite that several tests run over their own implementation.
const tests = '\\.(test|contract)\\.tsx?$';
const from = (path, ...pathNot) => ({ path, pathNot: [tests, ...pathNot] });
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
/** Entries, their commands and the composition root: the places in main/ that may know every room. */
const roots = '^main/([^/]+\\.ts$|commands/)';

/** A forbidden edge; `to` says where it must not lead. */
const forbid = (name, comment, source, to) => ({ name, comment, severity: 'error', from: source, to });

/** Files of `folder` may import only `allowed` (regular expressions of paths) and npm packages. */
const only = (folder, allowed, comment) =>
  forbid(`${folder.replaceAll('/', '-')}-imports`, comment, from(`^${folder}/`), {
    path: '^(common|main|native|preload|renderer|build|test)/',
    pathNot: [`^${folder}/`, ...allowed],
  });

const renderer = [
  only('renderer/ui', [], 'Controls know nothing of the room.'),
  only('renderer/client', ['^common/'], 'Transports know the contract only.'),
  only('renderer/store', ['^common/', '^renderer/client/'], 'Folds and session stand on the client.'),
  only('renderer/commands', ['^common/', '^renderer/store/'], 'Commands act on the store.'),
  only(
    'renderer/panes',
    ['^common/', '^renderer/(ui|store|client|commands)/'],
    'Panes stand on the layers below.',
  ),
  only('renderer/app', ['^common/', '^renderer/'], 'The shell stays inside the page.'),
  only('renderer/viewer', ['^common/', '^renderer/app/'], 'The viewer is the shell on a bundle.'),
  only('renderer', ['^common/'], 'The page has no powers: it reaches main through the contract.'),
  forbid('panes-apart', 'A pane never imports another pane.', from('^renderer/panes/([^/]+)/'), {
    path: '^renderer/panes/([^/]+)/',
    pathNot: '^renderer/panes/$1/',
  }),
  forbid('page-without-node', 'The page runs in a browser.', from('^(renderer|preload)/'), {
    dependencyTypes: ['core'],
  }),
];

const main = [
  forbid(
    'rooms-apart',
    'A room uses the types of other rooms only; main/warroom.ts wires them.',
    from('^main/([^/]+)/', '^main/commands/'),
    {
      path: '^main/([^/]+)/',
      pathNot: ['^main/$1/', '^main/platform/[^/]+\\.ts$'],
      dependencyTypesNot: ['type-only'],
    },
  ),
  forbid(
    'rooms-below-roots',
    'Nothing in a room knows who composes it.',
    from('^main/[^/]+/', '^main/commands/'),
    {
      path: roots,
      dependencyTypesNot: ['type-only'],
    },
  ),
  only(
    'main',
    ['^common/', '^native/parent-port\\.ts$'],
    'main starts native by path and never imports the page.',
  ),
  only(
    'native',
    ['^common/', '^main/platform/'],
    'Native processes stand alone; they share only the platform.',
  ),
  forbid(
    'electron-at-the-edge',
    'The host runs without Electron.',
    from('', '^main/electron\\.ts$', '^main/platform/electron/', '^preload/', '^(build|test)/'),
    {
      path: '(^|/)node_modules/electron/|^electron$',
      dependencyTypesNot: ['type-only'],
    },
  ),
];

const common = [
  only('common', [], 'common stands alone.'),
  forbid('common-without-node', 'common runs in the page too.', from('^common/'), {
    dependencyTypes: ['core'],
  }),
  forbid(
    'common-packages',
    'common uses zod, @orpc/contract, yaml, @mcap/core and @noble, all without a runtime of their own.',
    from('^common/'),
    {
      dependencyTypes: npm,
      pathNot: '(^|/)node_modules/(zod|@orpc/contract|yaml|@mcap/core|@noble/[^/]+)/',
    },
  ),
];

const everywhere = [
  // Types are gone before anything runs: a slice may name the type of the store that it is a part of.
  forbid(
    'no-circles',
    'A circle has no bottom to understand first.',
    {},
    {
      circular: true,
      viaOnly: { dependencyTypesNot: ['type-only'] },
    },
  ),
  forbid('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  forbid(
    'tests-imported-by-tests',
    'Code never depends on tests.',
    from('^(common|main|native|preload|renderer)/'),
    {
      path: ['^test/', tests],
    },
  ),
  only(
    'preload',
    ['^main/platform/electron/messages\\.ts$', '^common/'],
    'The preload passes ports, nothing else.',
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...everywhere, ...common, ...main, ...renderer],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: join(root, 'tsconfig.json') },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
