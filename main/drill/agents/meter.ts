import type { Outcome, Reply, Use } from './types.ts';

/** Tokens of a session's context, by what is in it. */
export interface Meter {
  tokens(): number;
  hear(text: string): void;
  /** The model's answer; tokens that it wrote. */
  answer(reply: Reply): number;
  see(outcome: Outcome): void;
  /** What is left is the instructions and a summary. */
  compact(summary: string): void;
}

/** UTF-16 units of one token of English, logs and JSON, about. */
export const unitsOfToken = 3.6;
const tokensOf = (text: string) => Math.ceil(text.length / unitsOfToken);

/** `base`: tokens of the instructions and of the tools' descriptions. */
export function createMeter(base: number): Meter {
  let tokens = base;
  return {
    tokens: () => Math.round(tokens),
    hear: (text) => void (tokens += tokensOf(text) + 5),
    answer({ thinking, text, uses }) {
      const written =
        tokensOf(text ?? '') + uses.reduce((sum, use) => sum + tokensOf(inputText(use)) + 30, 0);
      tokens += written;
      return written + tokensOf(thinking ?? '');
    },
    see: ({ text, unseen = 0 }) => void (tokens += tokensOf(text) + unseen + 12),
    compact: (summary) => void (tokens = base + tokensOf(summary)),
  };
}

const inputText = ({ tool, input }: Use) => `${tool}${JSON.stringify(input)}`;
