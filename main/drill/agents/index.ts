/**
 * The rig's agents: they look after the line and leave transcripts behind, each in another public form. What is wrong
 * with one is how it behaves.
 */
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WarroomError } from '../../../common/lib/errors.ts';
import { createLine } from '../signal/line.ts';
import { createAgent } from './agent.ts';
import { isAgentFault } from './faults/index.ts';
import { analystHands } from './hands/analyst-hands.ts';
import type { MakeHands } from './hands/hands.ts';
import { keeperHands } from './hands/keeper-hands.ts';
import { operatorHands } from './hands/operator-hands.ts';
import { agentKinds, type ProfileAgentInput } from './profile.ts';
import { agentNames, type AgentName, type WriteTold } from './types.ts';
import { writeClaudeCode, type WriterOptions } from './write/write-claude-code.ts';
import { writeOpenAiChat } from './write/write-openai-chat.ts';
import { writeOtel } from './write/write-otel.ts';

export { agentFaults, type AgentFault } from './faults/index.ts';
export type { ProfileAgentInput } from './profile.ts';
export { agentNames, type AgentName } from './types.ts';

export interface RigAgentsOptions {
  /** Theirs alone: it is made, and goes when they are closed. */
  folder: string;
  seed: number;
  /** Milliseconds since 1970 of a moment of the rig's time axis. */
  wallMs(seconds: number): number;
  /** Rig seconds at which the line began, at most 0. */
  from: number;
}

export interface RigAgents {
  /** The part `agents` of the rig's profile. */
  readonly profile: ProfileAgentInput[];
  /** Appends what they did up to a moment of the rig. Nothing is written twice, whoever calls when. */
  writeUntil(seconds: number): Promise<void>;
  /** From a moment on the agent behaves so, or no longer. Throws `bad-input` for a fault or agent that is none. */
  setFault(name: string, on: boolean, target: string, seconds: number): void;
  /** Their files go. */
  close(): Promise<void>;
}

const kinds: Record<AgentName, { makeHands: MakeHands; write(options: WriterOptions): WriteTold }> = {
  operator: { makeHands: operatorHands, write: writeClaudeCode },
  analyst: { makeHands: analystHands, write: writeOpenAiChat },
  keeper: { makeHands: keeperHands, write: writeOtel },
};

export function createRigAgents({ folder, seed, wallMs, from }: RigAgentsOptions): RigAgents {
  const line = createLine(seed, from);
  const agents = agentNames.map((name) => {
    const { makeHands, write } = kinds[name];
    return {
      name,
      agent: createAgent({ name, seed, line, from, wallMs, makeHands }),
      write: write({ folder, seed, wallMs, model: agentKinds[name].model }),
    };
  });
  const made = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  async function append(texts: Map<string, string[]>): Promise<void> {
    for (const [file, lines] of texts) {
      if (!made.has(file)) await mkdir(dirname(file), { recursive: true });
      made.add(file);
      await appendFile(file, lines.join(''));
    }
  }

  return {
    profile: agentNames.map((name) => agentKinds[name].profile(folder)),
    writeUntil(seconds) {
      const texts = new Map<string, string[]>();
      for (const { agent, write } of agents)
        for (const { file, text } of agent.until(seconds).flatMap(write)) {
          const lines = texts.get(file) ?? [];
          lines.push(text);
          texts.set(file, lines);
        }
      return (last = last.then(() => append(texts)));
    },
    setFault(name, on, target, seconds) {
      const aimed = agents.find((each) => each.name === target);
      if (!isAgentFault(name) || !aimed)
        throw new WarroomError(
          'bad-input',
          `${name} at ${target} is no fault of an agent.`,
          `Agents are ${agentNames.join(', ')}.`,
        );
      aimed.agent.setFault(name, on, seconds);
    },
    async close() {
      await last;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
