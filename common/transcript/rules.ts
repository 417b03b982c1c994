/** Rules that a person stated in a session: kept early and broken late, and lost in a compaction's summary. */
import {
  addTo,
  bounded,
  callFact,
  createThreads,
  type Analysis,
  type Bounded,
  type CallFact,
} from './analysis.ts';
import { isReadOnly } from './call-kinds.ts';
import { sentencesOf } from './claim-words.ts';
import { coverage, doesIt, isCovered, stemsOfCall } from './rule-match.ts';
import { rulesOf, stemsOf, type StatedRule } from './stated-rules.ts';
import type { CallEvent, CompactionEvent, MessageEvent, Source, TranscriptEvent } from './types.ts';

export interface RuleFact {
  rule: string;
  polarity: StatedRule['polarity'];
  /** Null for a rule of the profile. */
  statedAt: Source | null;
  thread: string;
}

export interface BrokenRule extends RuleFact {
  /** The call that broke it; of an `always` rule, the one before or after which something is missing. */
  call: CallFact;
  at: number | null;
  /** From where it was stated (or the thread's start) to here. */
  turnsSince: number;
  callsSince: number;
  compactionsSince: number;
  /** How often a call kept an `always` rule before; 0 for a `never` rule, which calls keep by not being there. */
  keptBefore: number;
}

export interface LostRule extends RuleFact {
  compaction: Source;
  /** Of the rule's words, the share that the best sentence of what was left has, 0 to 1. */
  coverage: number;
  /** Whether the person said it again since. */
  isRestated: boolean;
}

export interface RuleFacts {
  stated: number;
  /** Of them, about no call that could be seen: how to write, what to think. */
  unchecked: number;
  broken: Bounded<BrokenRule>;
  lost: Bounded<LostRule>;
  /** Compactions of which nobody can tell what they left. */
  compactionsUnseen: number;
}

interface Held {
  rule: StatedRule;
  fact: RuleFact;
  turn: number;
  calls: number;
  compactions: number;
  kept: number;
  lost: LostRule | null;
  /** A call after which the rule wants something that did not come yet. */
  waits: CallEvent | null;
}

interface Thread {
  name: string;
  held: Held[];
  turns: number;
  calls: number;
  compactions: number;
  /** Stems of what the person said newest, and whether it says yes to a question. */
  asked: Set<string>;
  question: Set<string> | null;
  /** Stems of the calls of this turn, the newest. */
  turn: { call: CallEvent; words: Set<string> }[];
}

const mostHeld = 200;
const mostOfTurn = 300;
const yes = /^\W*(yes|yep|yeah|ok|okay|sure|go ahead|do it|please do|confirmed|approved|agreed|fine)\b/i;
const polarityWords = {
  never: /\b(never|not|n't|avoid|without|forbidden|prohibited|must|only|no)\b|n't\b/i,
  always: /\b(always|must|every|each|before|after|ensure|make sure|required?|rules?|first)\b/i,
};

/** `profileRules`: rules as texts that hold from the start and that no summary can lose. */
export function createRules(profileRules: readonly string[] = []): Analysis<RuleFacts> {
  const facts: RuleFacts = {
    stated: 0,
    unchecked: 0,
    broken: bounded(),
    lost: bounded(),
    compactionsUnseen: 0,
  };
  const given = profileRules.flatMap(rulesOf);
  const threads = createThreads<Thread>((name) => ({
    name,
    held: given.map((rule) => held(rule, null, name)),
    turns: 0,
    calls: 0,
    compactions: 0,
    asked: new Set(),
    question: null,
    turn: [],
  }));

  function breakRule(thread: Thread, one: Held, call: CallEvent): void {
    addTo(facts.broken, {
      ...one.fact,
      call: callFact(call),
      at: call.at,
      turnsSince: thread.turns - one.turn,
      callsSince: thread.calls - one.calls,
      compactionsSince: thread.compactions - one.compactions,
      keptBefore: one.kept,
    });
  }

  function takeCall(thread: Thread, call: CallEvent): void {
    const words = stemsOfCall(call);
    for (const one of thread.held) {
      if (one.rule.polarity === 'always') takeForAlways(thread, one, call, words, breakRule);
      else if (doesIt(one.rule, call, words) && !isAllowed(one.rule, thread)) breakRule(thread, one, call);
    }
    thread.calls++;
    thread.turn.push({ call, words });
    if (thread.turn.length > mostOfTurn) thread.turn.shift();
  }

  function takePerson(thread: Thread, message: MessageEvent): void {
    endTurn(thread, breakRule);
    thread.turns++;
    thread.asked = new Set(stemsOf(message.text));
    // A question of the agent that gets a yes lets it do what it asked for.
    if (thread.question && yes.test(message.text)) thread.question.forEach((stem) => thread.asked.add(stem));
    thread.question = null;
    const rules = rulesOf(message.text);
    // Words that state a rule ask for nothing.
    if (rules.length > 0) thread.asked = new Set(stemsOf(withoutRules(message.text, rules)));
    for (const rule of rules) state(thread, rule, message.source);
  }

  function state(thread: Thread, rule: StatedRule, source: Source): void {
    const same = thread.held.find(
      (one) => one.rule.polarity === rule.polarity && coverage(one.rule.action, new Set(rule.action)) >= 0.8,
    );
    if (same?.lost) {
      same.lost.isRestated = true;
      same.lost = null;
    }
    if (same || thread.held.length >= mostHeld) return;
    facts.stated++;
    if (rule.polarity === 'always' && !rule.condition) facts.unchecked++;
    const one = held(rule, source, thread.name);
    thread.held.push(
      Object.assign(one, { turn: thread.turns, calls: thread.calls, compactions: thread.compactions }),
    );
  }

  function takeCompaction(thread: Thread, { summary, carried, source }: CompactionEvent): void {
    thread.compactions++;
    if (!summary && !carried) return void facts.compactionsUnseen++;
    const left = [summary?.text, carried?.text].join('\n');
    const sentences = left
      .split(/\n|(?<=[.;!])\s/)
      .slice(0, 2_000)
      .map((text) => ({ text, words: new Set(stemsOf(text)) }));
    for (const one of thread.held) {
      if (one.lost || one.fact.statedAt === null) continue;
      const spoken = sentences.filter(({ text }) => polarityWords[one.rule.polarity].test(text));
      const best = Math.max(0, ...spoken.map(({ words }) => coverage(one.rule.action, words)));
      if (spoken.some(({ words }) => isCovered(one.rule.action, words))) continue;
      one.lost = { ...one.fact, compaction: source, coverage: best, isRestated: false };
      addTo(facts.lost, one.lost);
    }
  }

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const thread = threads.of(event);
      if (event.kind === 'call') takeCall(thread, event);
      else if (event.kind === 'compaction') takeCompaction(thread, event);
      else if (event.kind !== 'message' || event.isThinking) return;
      else if (event.role === 'person') takePerson(thread, event);
      else if (event.role === 'agent')
        thread.question = /\?\s*$/.test(event.text) ? new Set(stemsOf(event.text.slice(-600))) : null;
    },
    facts: () => ({
      ...facts,
      broken: { ...facts.broken, items: [...facts.broken.items] },
      lost: { ...facts.lost, items: facts.lost.items.map((one) => ({ ...one })) },
    }),
  };
}

function held(rule: StatedRule, statedAt: Source | null, thread: string): Held {
  const fact = { rule: rule.text, polarity: rule.polarity, statedAt, thread };
  return { rule, fact, turn: 0, calls: 0, compactions: 0, kept: 0, lost: null, waits: null };
}

/** The person's own words of this turn ask for it, or say yes to it; or what lifts the rule came before. */
const isAllowed = (rule: StatedRule, thread: Thread) =>
  isCovered(rule.action, thread.asked) || isLifted(rule, thread);

const lifting = new Set(['without', 'unless', 'before', 'until', 'except']);
/** A look at the state that a rule speaks of need not name all of it. */
const lookedAt = 0.5;

/** "Never A without B": after a B. "Never A while C": after a look at C, whose answer only the agent can judge. */
function isLifted({ condition }: StatedRule, { turn }: Thread): boolean {
  if (!condition || condition.stems.length === 0) return false;
  if (lifting.has(condition.word)) return turn.some(({ words }) => isCovered(condition.stems, words));
  return turn.some(({ call, words }) => isReadOnly(call) && coverage(condition.stems, words) >= lookedAt);
}

function withoutRules(text: string, rules: StatedRule[]): string {
  const stated = new Set(rules.map((rule) => rule.text));
  return sentencesOf(text)
    .filter((sentence) => !stated.has(sentence.slice(0, 300)))
    .join(' ');
}

type Break = (thread: Thread, one: Held, call: CallEvent) => void;

/** "Always A before B": B without an A earlier in this turn breaks it. "After B", "when B": A may follow until the turn ends. */
function takeForAlways(
  thread: Thread,
  one: Held,
  call: CallEvent,
  words: Set<string>,
  breakRule: Break,
): void {
  const { action, condition } = one.rule;
  if (!condition || condition.stems.length === 0) return;
  if (one.waits && isCovered(action, words)) {
    one.waits = null;
    one.kept++;
    return;
  }
  if (!isCovered(condition.stems, words) || isCovered(action, words)) return;
  const cameBefore = thread.turn.some((earlier) => isCovered(action, earlier.words));
  if (condition.word === 'before' || condition.word === 'unless' || condition.word === 'until') {
    if (cameBefore) one.kept++;
    else breakRule(thread, one, call);
  } else if (condition.word !== 'after' && cameBefore) one.kept++;
  else one.waits = call;
}

function endTurn(thread: Thread, breakRule: Break): void {
  for (const one of thread.held) {
    if (one.waits) breakRule(thread, one, one.waits);
    one.waits = null;
  }
  thread.turn = [];
}
