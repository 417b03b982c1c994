/** What an agent of the rig does, before it is written down in the form of its harness. */
export const agentNames = ['operator', 'analyst', 'keeper'] as const;
export type AgentName = (typeof agentNames)[number];

/** How a tool ended, as its harness tells it apart. */
export type Failure = 'exit' | 'time-out' | 'refused' | 'error';

export interface ToolCall {
  tool: string;
  input: Record<string, unknown>;
}

export interface Outcome {
  text: string;
  /** Null for a call that its harness takes for a good one, whatever its text says. */
  failure: Failure | null;
  exitCode?: number;
  /** Tokens of what the model was shown and the transcript does not keep word for word. */
  unseen?: number;
}

/** One use of a tool, with what it gave. */
export interface Use extends ToolCall {
  outcome: Outcome;
  seconds: number;
}

/** One answer of the model: what it thinks and says, and the tools that it then uses at once. */
export interface Reply {
  kind: 'reply';
  thinking?: string;
  text?: string;
  uses: Use[];
}

export type Step =
  | { kind: 'person'; text: string }
  | Reply
  | { kind: 'compaction'; summary: string; trigger: 'auto' | 'manual' }
  | { kind: 'pause'; seconds: number }
  /** The agent has answered: the turn of the person begins. */
  | { kind: 'turn-end' };

/** What is written down, with its moment in seconds of the rig. */
export type Told = { at: number } & (
  | { kind: 'session'; id: string }
  | { kind: 'person'; text: string }
  /** `tokens`: of the context that the model was sent; `written`: of its answer. `startedAt`: when it was asked. */
  | { kind: 'reply'; reply: Reply; ids: string[]; tokens: number; written: number; startedAt: number }
  | { kind: 'result'; use: Use; id: string; startedAt: number }
  | { kind: 'compaction'; summary: string; trigger: 'auto' | 'manual'; before: number; after: number }
  | { kind: 'turn-end'; startedAt: number }
);

/** A line, with its end, for the end of a file. */
export interface Written {
  file: string;
  text: string;
}

/** Writes what an agent does in the form of its harness. */
export type WriteTold = (told: Told) => Written[];
