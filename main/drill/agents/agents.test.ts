import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { pointedAt } from '../../../common/incident/ladder.ts';
import { createTranscriptReader, readText, type TranscriptFormat } from '../../../common/transcript/index.ts';
import { profileOf, runAll } from '../../../test/fakes/check-room.ts';
import { agentClaimsCheck } from '../../ladder/checks/claim/agent-claims.ts';
import { flipFlopsCheck } from '../../ladder/checks/context/flip-flops.ts';
import { loopsCheck } from '../../ladder/checks/context/loops.ts';
import { rulesCheck } from '../../ladder/checks/context/rules.ts';
import { windowCheck } from '../../ladder/checks/context/window.ts';
import { unsurfacedCheck } from '../../ladder/checks/tools/unsurfaced.ts';
import { agentFaults, agentNames, createRigAgents, type RigAgents } from './index.ts';

const checks = [agentClaimsCheck, windowCheck, loopsCheck, flipFlopsCheck, rulesCheck, unsurfacedCheck];
const started = Date.parse('2026-11-25T08:00:00Z');

function rigAgents(seed: number, from: number): RigAgents & { folder: string } {
  const folder = join(mkdtempSync(join(tmpdir(), 'rig-')), 'agents');
  const agents = createRigAgents({ folder, seed, wallMs: (seconds) => started + seconds * 1000, from });
  onTestFinished(() => agents.close());
  return { ...agents, folder };
}

const checked = ({ profile }: RigAgents) =>
  runAll(checks, profileOf(stringify({ name: 'rig', agents: profile })));

/** Files and what they hold, with paths from the folder. */
const textsIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );

const lengths = [600, 800, 1_100, 1_800];
const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

describe("the rig's agents, healthy,", () => {
  it.each(seeds)('pass every check, with seed %i', async (seed) => {
    const agents = rigAgents(seed, -lengths[seed % lengths.length]!);
    await agents.writeUntil(0);
    const found = await checked(agents);
    expect(found).toHaveLength(checks.length * agentNames.length);
    expect(found.filter(({ result }) => result !== 'pass').map(({ says }) => says)).toEqual([]);
  });

  it('pass every check after three hours, at any moment', async () => {
    const agents = rigAgents(77, -10_800);
    for (const moment of [-9_000, 40]) {
      await agents.writeUntil(moment);
      const found = await checked(agents);
      expect(found.filter(({ result }) => result !== 'pass').map(({ says }) => says)).toEqual([]);
    }
  });
});

const faulty = agentFaults.flatMap(({ name, rung }) =>
  [1, 2, 3, 4, 5].map((seed) => [name, rung, seed] as const),
);

describe("the rig's agents with a fault", () => {
  it.each(faulty)('%s are found on rung %i within ten minutes, with seed %i', async (name, rung, seed) => {
    const agents = rigAgents(seed, -90);
    const moment = seed * 11;
    for (const target of agentNames) agents.setFault(name, true, target, moment);
    await agents.writeUntil(moment + 600);
    const found = await checked(agents);
    for (const target of agentNames) {
      const own = found.filter(({ check }) => check.endsWith(` ${target}`));
      expect(pointedAt(own)?.rung, own.map(({ says }) => says).join('\n')).toBe(rung);
      expect(own.filter(({ result }) => result === 'fail').map((each) => each.rung)).toEqual([rung]);
    }
  });

  it('leave the others well, and are well again themselves', async () => {
    const agents = rigAgents(6, -900);
    agents.setFault('agent-looped', true, 'analyst', -900);
    agents.setFault('agent-looped', false, 'analyst', -899);
    agents.setFault('agent-false-done', true, 'keeper', -200);
    await agents.writeUntil(400);
    const failing = (await checked(agents)).filter(({ result }) => result !== 'pass');
    expect(failing.map(({ check }) => check)).toEqual(['claim.agent keeper']);
  });

  it('are refused where there is none such', () => {
    const agents = rigAgents(1, 0);
    expect(() => agents.setFault('agent-asleep', true, 'keeper', 0)).toThrow('no fault of an agent');
    expect(() => agents.setFault('agent-looped', true, 'nobody', 0)).toThrow('no fault of an agent');
  });
});

describe("the agents' transcripts", () => {
  it('are lines of their format, every one, and tell times of the rig', async () => {
    const agents = rigAgents(3, -2_000);
    await agents.writeUntil(0);
    for (const { name, transcripts } of agents.profile) {
      const texts = Object.entries(textsIn(agents.folder)).filter(([path]) => path.startsWith(`/${name}/`));
      expect(texts.length).toBeGreaterThan(0);
      for (const [, text] of texts) {
        const reader = createTranscriptReader(transcripts.format as TranscriptFormat);
        const events = readText(reader, text);
        expect(reader.counts().unknown).toBe(0);
        for (const { at } of events) {
          expect(at).toBeGreaterThanOrEqual((started - 2_000_000) * 1000);
          expect(at).toBeLessThanOrEqual(started * 1000);
        }
        expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['message', 'usage']));
      }
    }
  });

  it('are the same for a seed, whenever they are written, and go when the rig closes', async () => {
    const [once, often] = [rigAgents(9, -600), rigAgents(9, -600)];
    for (const agents of [once, often]) agents.setFault('agent-flip-flop', true, 'operator', -100);
    for (let seconds = -600; seconds < 0; seconds += 13) await often.writeUntil(seconds);
    await Promise.all([often.writeUntil(0), often.writeUntil(0), once.writeUntil(0)]);
    expect(textsIn(often.folder)).toEqual(textsIn(once.folder));
    const other = rigAgents(10, -600);
    await other.writeUntil(0);
    expect(textsIn(other.folder)).not.toEqual(textsIn(once.folder));
    await once.close();
    expect(existsSync(once.folder)).toBe(false);
  });
});
