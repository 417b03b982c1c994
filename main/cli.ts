/** The command line: `warroom serve | open | verify | ladder | drill | rig`. Each command loads only what it needs. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { rigBeamDialects, rigCellDialects } from '../common/contract/rig-dialects.ts';
import { messageOf, WarroomError } from '../common/lib/errors.ts';
import type { TakeBaselineOptions } from './commands/baseline.ts';
import type { DrillOptions } from './commands/drill.ts';
import type { LadderOptions } from './commands/ladder.ts';
import type { OpenOptions } from './commands/open.ts';
import type { ProfileNewOptions } from './commands/profile.ts';
import type { ReplayOptions } from './commands/replay.ts';
import type { FaultOptions, RigOptions } from './commands/rig.ts';
import type { ServeOptions } from './commands/serve.ts';
import { defaultDataFolder } from './platform/node/data-folder.ts';

const dataOption = [
  '--data <dir>',
  'folder of this room’s incidents, keys and settings',
  defaultDataFolder(),
] as const;

function integer(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
    return value;
  };
}
function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw new InvalidArgumentError('must be a number over 0, at most 1000.');
  return value;
}
const seedOption = [
  '--seed <n>',
  'the rig repeats itself for the same seed',
  integer(0, 2_147_483_647),
] as const;

/** How the rig is made up (`rigMakeup` of the contract). */
function withRigOptions(command: Command): Command {
  return command
    .option(...seedOption)
    .addOption(new Option('--cell-dialect <name>', 'what the load cells speak').choices(rigCellDialects))
    .addOption(new Option('--beam-dialect <name>', 'what the beam speaks').choices(rigBeamDialects))
    .addOption(new Option('--rate <n>', 'samples a second of the load cells').choices(['80', '10']))
    .addOption(new Option('--decimal <mark>', 'decimal separator of the load cells').choices(['.', ',']))
    .option('--jetson', 'one more port, with the tegrastats of a Jetson');
}

const program = new Command('warroom')
  .description('War Room: one ladder, one ledger, one change at a time.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

withRigOptions(program.command('serve'))
  .description('run the room on 127.0.0.1')
  .option(...dataOption)
  .option('--port <n>', 'port of the room; 0: every port of this run is a free one', integer(0, 65_535), 7326)
  .option('--drill', 'begin with a drill on the virtual rig; the options of the rig are for it')
  .option('--headless', 'open no browser')
  .action(async (options: ServeOptions) => {
    const { serve } = await import('./commands/serve.ts');
    await serve(options);
  });

program
  .command('open')
  .description('print a fresh link into the running room (single use, 60 seconds)')
  .option(...dataOption)
  .option(
    '--role <role>',
    'lead, technician or observer: a second seat on this machine; without it, the host’s own seat',
  )
  .action(async (options: OpenOptions) => {
    const { openLink } = await import('./commands/open.ts');
    await openLink(options);
  });

program
  .command('verify')
  .description('check a bundle (folder or zip), or any BagIt bag')
  .argument('[bundle]', 'the bundle')
  .option('--trust <vkey...>', 'the device key it must be signed by')
  .option('--bag <dir>', 'check a BagIt bag 0.97 or 1.0 instead')
  .action(async (bundle: string | undefined, options: { trust?: string[]; bag?: string }) => {
    const { verifyCommand } = await import('./commands/verify.ts');
    process.exitCode = await verifyCommand(bundle, options);
  });

const profile = program
  .command('profile')
  .description('the description of a system under watch')
  .enablePositionalOptions();
profile
  .command('check', { isDefault: true })
  .description('check a profile; each mistake is listed with its line')
  .argument('<file>', 'the profile (YAML)')
  .action(async (file: string) => {
    const { checkProfile } = await import('./commands/profile.ts');
    process.exitCode = await checkProfile(file);
  });
profile
  .command('new')
  .description('ask a running system what it is, and draft its profile')
  .option('--name <name>', 'what it is called', 'unnamed')
  .option('--url <url...>', 'base address of a service', [])
  .option('--openapi <path>', 'where the services have their OpenAPI documents', '/openapi.json')
  .option('--port <path...>', 'serial port to listen at: it is opened, many boards restart then', [])
  .option('--table <url...>', 'table behind Supabase, with /rest/v1/ and its name', [])
  .option('--key <name>', 'environment variable with the key of the tables', 'SUPABASE_KEY')
  .option('--timeout <ms>', 'how long to wait for each answer', integer(50, 60_000), 3000)
  .action(async (options: ProfileNewOptions) => {
    const { printNewProfile } = await import('./commands/profile.ts');
    await printNewProfile(options);
  });
profile
  .command('schema')
  .description('print the JSON Schema by which editors complete a profile')
  .action(async () => {
    const { printSchema } = await import('./commands/profile.ts');
    printSchema();
  });

const baseline = program
  .command('baseline')
  .description('what a system looks like while it is well, kept in a file (unsigned, in no incident yet)');
baseline
  .command('take')
  .description('read the live system by its profile and keep what it looks like')
  .argument('<profile>', 'the profile (YAML)')
  .requiredOption('--out <file>', 'where it goes (JSON)')
  .option('--no-golden', 'do not ask the golden questions: they make work there')
  .option(...dataOption)
  .action(async (file: string, options: TakeBaselineOptions) => {
    const { takeBaselineFile } = await import('./commands/baseline.ts');
    await takeBaselineFile(file, options);
  });
baseline
  .command('show')
  .description('tell what is in a baseline')
  .argument('<file>', 'the baseline (JSON)')
  .action(async (file: string) => {
    const { showBaseline } = await import('./commands/baseline.ts');
    await showBaseline(file);
  });
baseline
  .command('diff')
  .description('tell what changed from one baseline to another; exit code 1 when something did')
  .argument('<before>', 'the baseline (JSON)')
  .argument('<after>', 'another one of the same system')
  .action(async (before: string, after: string) => {
    const { diffBaselineFiles } = await import('./commands/baseline.ts');
    process.exitCode = await diffBaselineFiles(before, after);
  });

withRigOptions(program.command('drill'))
  .description('play a short scripted drill and write its bundle')
  .requiredOption('--export <file>', 'where the bundle goes (a .zip)')
  .option('--data <dir>', 'keep the drill’s incident here; without it a temporary folder is used')
  .action(async (options: DrillOptions) => {
    const { playDrill } = await import('./commands/drill.ts');
    await playDrill(options);
  });

program
  .command('replay')
  .description('play one device of a capture on a port of its own: the room reads it as it reads a board')
  .argument('<capture>', 'the capture (MCAP)')
  .requiredOption('--link <path>', 'where the port lies')
  .option('--device <id>', 'which device; without it the first that can be played')
  .option('--dialect <name>', 'what it is to speak; without it, by its columns')
  .option('--speed <n>', 'how many times faster than it was', positive, 1)
  .action(async (capture: string, options: ReplayOptions) => {
    const { replay } = await import('./commands/replay.ts');
    await replay(capture, options);
  });

program
  .command('ladder')
  .description(
    'run the checks that only read on a system, without a room: its ports are opened, many boards restart then',
  )
  .argument('<profile>', 'the profile (YAML)')
  .option('--json', 'print what was found as JSON')
  .option('--only <check...>', 'only these, as tools.service or "tools.service cv"')
  .option('--baseline <file>', 'what it looked like while it was well (warroom baseline take)')
  .option('--evidence <dir>', 'keep here what the findings rest on')
  .option('--listen <s>', 'seconds to listen to devices and services before the checks', positive, 10)
  .option('--data <dir>', 'folder with the keys that the profile names', defaultDataFolder())
  .action(async (file: string, options: LadderOptions) => {
    const { runLadder } = await import('./commands/ladder.ts');
    process.exitCode = await runLadder(file, options);
  });

const rig = program.command('rig').description('the virtual rig').enablePositionalOptions();
withRigOptions(rig.command('start', { isDefault: true }))
  .description('run the rig by itself; faults are switched by lines on its standard input')
  .option(...dataOption)
  .option('--ephemeral', 'free ports instead of 8642 and 8643')
  .action(async (options: RigOptions) => {
    const { runRig } = await import('./commands/rig.ts');
    await runRig(options);
  });
rig
  .command('fault')
  .description('switch a fault of the running drill')
  .argument('<name>', 'such as unplug, saturated, drift: a wrong one is told all there are')
  .option('--target <target>', 'what to aim it at')
  .option('--severity <severity>', 'slight, clear or severe; without it clear')
  .option('--off', 'switch it off')
  .option(...dataOption)
  .action(async (name: string, options: FaultOptions) => {
    const { switchFault } = await import('./commands/rig.ts');
    await switchFault(name, options);
  });

/** What to do about it; an error of the room comes through its door with it in `data`. */
function hintOf(error: unknown): string {
  if (error instanceof WarroomError) return error.hint;
  const hint = (error as { data?: { hint?: unknown } } | null)?.data?.hint;
  return typeof hint === 'string' ? hint : '';
}

program.parseAsync(process.argv).catch((error: unknown) => {
  const hint = hintOf(error);
  process.stderr.write(`warroom: ${messageOf(error)}${hint && `\n${hint}`}\n`);
  process.exit(1);
});
