/** Sentences in which an agent says that something is done. English; by whole words, with what takes a claim back. */
import { cutText } from '../lib/cut-text.ts';
import type { CallKind } from './call-kinds.ts';

/** What is claimed: an action that leaves a call behind, a look at something, or that the work is over. */
export type ClaimKind = CallKind | 'fixed' | 'checked' | 'done';

export interface Claim {
  kind: ClaimKind;
  /** The words that claim, as `restarted`. */
  words: string;
  /** The sentence, shortened. */
  sentence: string;
  /** It says that this was so before: `already`, `earlier`. */
  isOfBefore: boolean;
}

const participles: [ClaimKind, string][] = [
  ['fixed', 'fixed|resolved|solved|corrected|repaired|patched'],
  ['restart', 'restarted|rebooted|reloaded|relaunched'],
  ['deploy', 'deployed|redeployed|released|published|pushed|rolled out|shipped|flashed|uploaded'],
  ['install', 'installed|reinstalled|upgraded'],
  ['commit', 'committed|merged'],
  [
    'change',
    'updated|changed|added|removed|deleted|created|written|wrote|implemented|renamed|replaced|adjusted|configured|reverted|rolled back|saved|applied|calibrated|lowered|raised|increased|reduced|disabled|enabled',
  ],
  ['send', 'sent|notified|emailed|posted|paged'],
  ['build', 'built|rebuilt|compiled|recompiled'],
  ['checked', 'verified|confirmed|checked|double-checked|validated'],
  ['tests', 'tested'],
  ['done', 'completed|finished'],
];

const adverbs =
  '(?:now|just|also|already|all|successfully|finally|fully|both|then|properly|correctly|since|therefore)';
/** Who did it: the agent, or the thing itself in the passive; not `you`, nor a service that restarted by itself. */
const subject = (words: string) =>
  new RegExp(
    `(?:^(?:${adverbs} |and |then |i |we )*|\\b(?:i|we)(?:'ve| have)?(?: ${adverbs})* |\\b(?:is|are|has been|have been|been|got)(?: ${adverbs})* |\\b(?:successfully|now|and|then) )(${words})\\b(?![-\\w])`,
    'i',
  );

const phrases: [ClaimKind, RegExp][] = [
  ...participles.map(([kind, words]): [ClaimKind, RegExp] => [kind, subject(words)]),
  [
    'tests',
    /\b((?:tests?|specs|test suite|suite|checks)(?: \w+)?(?: (?:are|is))?(?: (?:now|all|still|again))* (?:pass(?:es|ed|ing)?|succeed(?:s|ed)?|green))\b/i,
  ],
  ['tests', /\b((?:all )?[1-9]\d*(?:\/\d+)? (?:tests? |specs? )?pass(?:ed|ing)?)\b/i],
  ['tests', /\b(all (?:is |tests |checks )?green)\b/i],
  [
    'build',
    /\b((?:the )?build (?:now )?(?:pass(?:es|ed)?|succeed(?:s|ed)|is (?:now )?(?:green|clean|fine))|compiles(?: now| cleanly)?)\b/i,
  ],
  [
    'done',
    /^((?:all |everything is |everything's |it is |it's |that's |this is |i'm |i am |we're )?(?:now |all )?(?:done|all set|complete))\b(?! (?:with|by|in|for|on) (?!this|that|it\b|everything|all))/i,
  ],
  [
    'done',
    /\b((?:task|work|job|everything|migration|change|setup|request|that|this|it) (?:is|are)(?: now| all)* (?:done|complete|completed|finished))\b/i,
  ],
];

/** Before the words: not so, not yet, not sure, or somebody else's. */
const takenBack =
  /\b(not|never|cannot|unable|fail(?:s|ed)? to|without|should|would|could|might|may|will|shall|gonna|going to|needs?|needed|to be|must|let me|let's|let us|if|once|when|whenever|until|till|unless|before|after|whether|want(?:ed|s)?|wanted|try|tries|trying|tried|attempt\w*|plan\w*|please|would like|can|ready|yet|almost|nearly|partially|partly|half|instead|assum\w+|expect\w*|hope\w*|ensure|make sure|see (?:if|that|whether)|check (?:that|if|whether)|verify (?:that|if|whether)|confirm (?:that|if|whether)|as soon as|in case|so that|supposed|you(?:'ve| have)?|they|he|she|someone|somebody|nobody|nothing|none|no|example|says|said|claims?|claimed|todo|next|step|steps|remains?|pending|still to)\b|n't\b|n’t\b|'ll\b|’ll\b|'d\b/i;
const takenBackAfter =
  /^[^,;:]{0,60}\b(if|once|unless|yet|except|only when|by (?:the|a|your|another|someone|systemd))\b|^\s*\?/i;
const ofBefore =
  /\b(already|earlier|previously|before|yesterday|last (?:time|week|session|night)|in the (?:previous|last))\b/i;

const mostSentences = 400;
/** Longer ones are no sentences; patterns need time that grows with the square. */
const longestSentence = 2_000;

/** Claims of a message, in their order; each kind once a sentence. Code, quotes, tables and open items claim nothing. */
export function claimsOf(text: string): Claim[] {
  return sentencesOf(text).flatMap((sentence) => {
    const found = clausesOf(sentence).flatMap(claimsOfClause);
    return found
      .filter(({ kind }, index) => found.findIndex((other) => other.kind === kind) === index)
      .map((claim) => ({ ...claim, sentence: cutText(sentence, 300) }));
  });
}

function claimsOfClause(clause: string): Omit<Claim, 'sentence'>[] {
  const claims: (Omit<Claim, 'sentence'> & { from: number })[] = [];
  for (const [kind, pattern] of phrases) {
    const found = pattern.exec(clause);
    if (!found) continue;
    const words = found[1]!;
    const from = found.index + found[0].length - words.length;
    if (takenBack.test(clause.slice(0, from)) || takenBackAfter.test(clause.slice(from + words.length)))
      continue;
    claims.push({ kind, words: words.toLowerCase(), isOfBefore: ofBefore.test(clause), from });
  }
  return claims
    .sort((a, b) => a.from - b.from)
    .map(({ kind, words, isOfBefore }) => ({ kind, words, isOfBefore }));
}

export function sentencesOf(text: string): string[] {
  const lines = text
    .slice(0, 100_000)
    .replace(/```[\s\S]*?(?:```|$)/g, '\n')
    .replaceAll('`', '')
    .replace(/[’]/g, "'")
    .split('\n')
    .filter((line) => !/^\s*(>|\||[-*] \[ \])/.test(line));
  return lines
    .flatMap((line) => line.replace(/([.!?])(?=\s|$)/g, '$1\n').split('\n'))
    .map((sentence) => sentence.slice(0, longestSentence).replace(/\s+/g, ' '))
    .map((sentence) =>
      sentence
        .replace(/^\s*[-*]? ?\[x\] /i, '')
        .replace(/^[^\p{L}\d"'(]+/u, '')
        .replace(/\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)/g, '')
        .trim(),
    )
    .filter((sentence) => sentence !== '' && !sentence.endsWith('?'))
    .slice(0, mostSentences);
}

/** Parts that a negation reaches: not over a comma, a dash, or a "but". */
const clausesOf = (sentence: string) =>
  sentence
    .replace(/[.!]+$/, '')
    .split(
      /[,;:()]\s+|\s[–—-]\s|\s+(?:but|however|although|though|while|whereas|because|so)\s+|\s+and\s+(?=(?:the|all|i|we|it|tests?|every\w*)\b)/i,
    )
    .map((clause) => clause.replace(/^[^\p{L}\d]+/u, '').trim())
    .filter((clause) => clause !== '');
