/** The agents as a profile tells of them. */
import { join } from 'node:path';
import type { ProfileAgent } from '../../../common/profile/index.ts';
import type { AgentName } from './types.ts';

/** As in YAML: what is not told is the profile's default. */
export type ProfileAgentInput = Partial<ProfileAgent> & Pick<ProfileAgent, 'name' | 'transcripts'>;

export interface AgentKind {
  model: string;
  /** Tokens of the model's context, and of them of its instructions and tools. */
  window: number;
  base: number;
  profile(folder: string): ProfileAgentInput;
}

export const agentKinds: Record<AgentName, AgentKind> = {
  operator: {
    model: 'claude-sonnet-4-5-20250929',
    window: 200_000,
    base: 18_400,
    profile: (folder) => ({
      name: 'operator',
      means: 'The coding agent that keeps the line running.',
      model: 'claude-sonnet-4-5-20250929',
      transcripts: {
        format: 'claude-code',
        files: join(folder, 'operator', '*', '*.jsonl'),
        sessions: 'one',
      },
      windowTokens: 200_000,
      rules: [
        'Never restart cv while a part is on the scale.',
        'Always read back a score after it was written.',
      ],
    }),
  },
  analyst: {
    model: 'qwen3-32b',
    window: 32_768,
    base: 5_200,
    profile: (folder) => ({
      name: 'analyst',
      means: 'Answers questions about scores and parts, and tunes the scorer.',
      model: 'qwen3-32b',
      transcripts: { format: 'openai-chat', files: join(folder, 'analyst', '*.jsonl'), sessions: 'one' },
      windowTokens: 32_768,
      rules: ['Always run the tests before you commit.', 'Never drop a table.'],
    }),
  },
  keeper: {
    model: 'mistral-small-3.2',
    window: 32_768,
    base: 4_600,
    profile: (folder) => ({
      name: 'keeper',
      means: 'Watches the services and tells the shift lead.',
      model: 'mistral-small-3.2',
      transcripts: { format: 'otel-genai', files: join(folder, 'keeper', '*.jsonl'), sessions: 'many' },
      windowTokens: 32_768,
      rules: ['Never restart llm without asking the shift lead.'],
    }),
  },
};
