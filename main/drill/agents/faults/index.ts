/** Faults of agents, each as behaviour: what is found of it stands in their transcripts. */
import type { Scene } from '../scenes/stage.ts';
import { falseDone, falseTests } from './claim-faults.ts';
import { flipFlop, forgotRule, looped, windowFull } from './context-faults.ts';
import { ignoredError, partialWrite, swallowedTimeout } from './tool-faults.ts';

export interface AgentFault {
  name: string;
  title: string;
  rung: 1 | 2 | 3;
}

export const agentFaults = [
  { name: 'agent-false-done', title: 'An agent says that it did what it did not do', rung: 1 },
  { name: 'agent-false-tests', title: 'An agent says that tests pass which failed or never ran', rung: 1 },
  { name: 'agent-looped', title: 'An agent makes the same call over and over', rung: 2 },
  { name: 'agent-forgot-rule', title: 'An agent breaks a rule that it kept before', rung: 2 },
  { name: 'agent-flip-flop', title: 'An agent undoes and redoes its own edit', rung: 2 },
  { name: 'agent-window-full', title: "An agent's context is full, again and again", rung: 2 },
  { name: 'agent-swallowed-timeout', title: 'An agent goes on as if a time-out had been an answer', rung: 3 },
  { name: 'agent-ignored-error', title: 'An agent passes over an error of its tool', rung: 3 },
  { name: 'agent-partial-write', title: 'An agent writes less than it says, the disk is full', rung: 3 },
] as const satisfies readonly AgentFault[];

export type AgentFaultName = (typeof agentFaults)[number]['name'];

/** What a fault needs to know of the agent's context. */
export interface ContextNow {
  window: number;
  base: number;
  tokens(): number;
}

const scenes: Record<AgentFaultName, (now: ContextNow) => readonly Scene[]> = {
  'agent-false-done': () => falseDone,
  'agent-false-tests': () => falseTests,
  'agent-looped': () => looped,
  'agent-forgot-rule': () => forgotRule,
  'agent-flip-flop': () => flipFlop,
  'agent-window-full': (now) => [windowFull(now)],
  'agent-swallowed-timeout': () => swallowedTimeout,
  'agent-ignored-error': () => ignoredError,
  'agent-partial-write': () => partialWrite,
};

/** How an agent behaves that has the fault: one of its ways, in turn. */
export function faultyScene(name: AgentFaultName, turn: number, now: ContextNow): Scene {
  const ways = scenes[name](now);
  return ways[turn % ways.length]!;
}

export const isAgentFault = (name: string): name is AgentFaultName =>
  agentFaults.some((fault) => fault.name === name);
