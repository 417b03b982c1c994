/** What a call could have done, from its tool's name and its input. */
import { textsOf } from './bounds.ts';
import type { CallEvent } from './types.ts';

export const callKinds = [
  'tests',
  'build',
  'restart',
  'deploy',
  'install',
  'commit',
  'change',
  'send',
] as const;
export type CallKind = (typeof callKinds)[number];

/** In a command or in an input that names an action. */
const inText: Record<CallKind, RegExp> = {
  tests:
    /\b(pytest|jest|vitest|mocha|tox|nox|rspec|phpunit|ctest|unittest|go test|cargo (test|nextest)|(npm|pnpm|yarn|bun|deno)( run)? test\S*|make (check|test\S*)|dotnet test|playwright test|mvn\b.{0,60}\b(test|verify)|gradlew?\b.{0,60}\b(test|check)|tests?\.(sh|py|ts|js|mjs)|run[-_ ]?tests?)\b/i,
  build:
    /\b(make|tsc|cargo (build|check)|go build|cmake|docker build|webpack|vite build|gcc|g\+\+|clang|dotnet build|mvn|gradlew?|colcon build|build)\b/i,
  restart:
    /\b(restart\w*|reload\w*|reboot\w*|relaunch\w*|systemctl (re)?start|pm2|docker[- ]compose (up|restart)|docker (start|run)|supervisorctl|rollout|service \S{1,80} start|kill(all)?|pkill)\b/i,
  deploy:
    /\b(deploy\w*|git push|push|publish\w*|release\w*|kubectl (apply|set|rollout)|helm (upgrade|install)|terraform apply|ansible\S*|rsync|scp|vercel|netlify|heroku|fly|upload\w*|flash\w*|rollout|copy)\b/i,
  install:
    /\b(install|upgrade|apt(-get)?|pip3?|brew|dnf|yum|apk add|npm (i|ci)|yarn add|pnpm add|uv (add|sync)|conda)\b/i,
  commit: /\bgit\b.{0,200}\b(commit|merge|cherry-pick|rebase|am)\b/i,
  change:
    /\b(sed\b.{0,60}-i|tee|mv|cp|rm|touch|mkdir|chmod|chown|ln|patch|git (apply|checkout|restore|revert|stash|mv|rm|reset)|truncate|dd|insert|update|delete|set|write|create|remove)\b|>>?\s*[\w./~$"'-]/i,
  send: /\b(curl\b.{0,400}(-X ?(POST|PUT)|-d\b|--data\S*)|mail\w*|sendmail|notify\w*|webhook|slack|post|send\w*|message|page)\b/i,
};

/** In a tool's name, taken apart at underscores, dashes, dots and humps. */
const inName: Record<CallKind, RegExp> = {
  tests: /\b(tests?|check|verify)\b/,
  build: /\b(build|compile|make)\b/,
  restart: /\b(restart|start|stop|reload|reboot|launch|power|kill|reset)\b/,
  deploy: /\b(deploy|release|publish|push|rollout|upload|flash|promote|apply)\b/,
  install: /\b(install|upgrade|package)\b/,
  commit: /\b(commit|merge)\b/,
  change:
    /\b(edit|multi edit|write|patch|update|create|insert|replace|set|save|delete|remove|apply|modify|put|change|configure|config|rename|move|add|tare|calibrate|reset|upsert)\b/,
  send: /\b(send|notify|post|email|mail|message|reply|page|alert|publish|comment)\b/,
};

const shellName = /\b(bash|shell|sh|terminal|exec|execute|command|cmd|powershell|run)\b/;
const readName =
  /^(mcp \w+ )?(read|get|list|search|grep|glob|view|fetch|web ?fetch|web ?search|query|find|ls|cat|describe|show|look ?up|inspect|think|todo( write| read)?|open|status|check|count|wait)\b/;
const editName = /\b(edit|write|patch|str replace|notebook)\b/;
/** A program that may do anything. */
const opaqueCommand =
  /(^|[;&|(]\s*|\bsudo\s+)(\.{0,2}\/[\w./-]+|(ba|z|da)?sh\s|python3?\s|node\s|npx\s|perl\s|ruby\s|make\b|just\b|npm run|pnpm run|yarn run|yarn\s|ssh\s|docker exec|psql|sqlite3)/;
const readCommand =
  /^(sudo\s+)?(cat|ls|ll|head|tail|grep|egrep|rg|find|ps|df|du|free|top|pwd|whoami|id|date|env|printenv|which|type|file|stat|wc|sort|uniq|less|more|diff|cmp|tree|jq|echo|printf|cd|test|\[|sleep|true|git\s+(status|log|diff|show|branch|remote|blame)|systemctl\s+(status|is-active|list-\S+|show)|journalctl|dmesg|docker\s+(ps|logs|inspect|images)|kubectl\s+(get|describe|logs)|curl(?!.*(\s-X\s?(POST|PUT|PATCH|DELETE)|\s-d\b|--data|\s-T\b|--upload))|wget|ping|dig|nslookup|uptime|uname|nvidia-smi|tegrastats)\b/i;

const nameWords = (name: string) =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z\d]+/g, ' ')
    .trim()
    .toLowerCase();

/** Whether the tool runs commands that its input spells out. */
export const isShell = (call: CallEvent) => shellName.test(nameWords(call.name)) && commandOf(call) !== '';

/** The command of a call to a shell; empty where there is none. */
export function commandOf({ input }: CallEvent): string {
  if (typeof input === 'string') return input;
  if (typeof input !== 'object' || input === null) return '';
  for (const name of ['command', 'cmd', 'script', 'code', 'commands']) {
    const value = (input as Record<string, unknown>)[name];
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return textsOf(value).join(' ');
  }
  return '';
}

/** The simple commands of a command line, in order. */
export function commandParts(command: string): string[] {
  return command
    .split(/&&|\|\||[;\n|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, 64);
}

/** Whether the call can only have looked. */
export function isReadOnly(call: CallEvent): boolean {
  if (!isShell(call)) return readName.test(nameWords(call.name));
  const command = commandOf(call);
  const writes = /(^|[^>&\d])>>?\s*(?!\/dev\/null|&)/.test(command);
  return !writes && commandParts(command).every((part) => readCommand.test(part));
}

/** What the call could have done by its name and input. */
export function kindsOf(call: CallEvent): Set<CallKind> {
  const name = nameWords(call.name);
  if (isReadOnly(call)) return new Set(inName.tests.test(name) && /test/.test(name) ? ['tests'] : []);
  // What an edit writes is no action: a file that has "deploy" in it deploys nothing.
  const text = isShell(call)
    ? commandOf(call)
    : editName.test(name)
      ? ''
      : textsOf(call.input).join(' ').slice(0, 2_000);
  return new Set(
    callKinds.filter((kind) => (!isShell(call) && inName[kind].test(name)) || inText[kind].test(text)),
  );
}

/** Whether nothing tells what the call did: a script, another agent, a tool of this system alone. */
export function isOpaque(call: CallEvent): boolean {
  if (isReadOnly(call)) return false;
  if (isShell(call)) return opaqueCommand.test(commandOf(call));
  return !editName.test(nameWords(call.name));
}
