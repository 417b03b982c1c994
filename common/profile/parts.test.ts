import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { loadProfile } from './load.ts';

const read = (name: string) => readFileSync(new URL(`./examples/${name}.yaml`, import.meta.url), 'utf8');
const qc = read('qc-scoring');
const web = read('web-agent');

/** The first mistake after `from` became `to` in a profile that has none: [the text of its line, its path, what it says]. */
function mistakeOf(text: string, from: string | RegExp, to: string): [string, string, string] {
  const changed = text.replace(from, to);
  expect(changed, `${String(from)} is not in it`).not.toBe(text);
  const mistake = loadProfile(changed).mistakes[0];
  return mistake
    ? [changed.split('\n')[mistake.line - 1]!.trim(), mistake.path, mistake.message]
    : ['', '', 'none'];
}

describe('shipped profiles', () => {
  it.each([
    ['qc-scoring', qc],
    ['web-agent', web],
  ])('%s has no mistakes and uses what it is made for', (name, text) => {
    const { profile, mistakes } = loadProfile(text);
    expect(mistakes).toEqual([]);
    expect(profile?.name).toBe(name);
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/profile\.schema\.json\n/);
    const parts = ['services', 'tables', 'layers', 'agents', 'claims', 'golden', 'fingerprints'] as const;
    for (const part of parts) expect(profile?.[part], part).not.toEqual([]);
  });

  it('the web one needs no sensors', () => expect(loadProfile(web).profile?.devices).toEqual([]));
});

it('a profile in the first form is still one', () => {
  const text = `
name: old
devices:
  - id: cell-a
    name: Load cell A
    dialect: hx711-csv
    link: { by: usb, vendorId: '1a86', productId: '7523', baud: 57600 }
    heartbeat: 30
services:
  - name: cv
    url: http://192.168.55.1:8642
    openapi: /openapi.json
    expectedMs: 80
    answers: { by: poll, path: /detections, items: items, at: at, since: { query: since, field: part } }
    columns: [{ column: confidence, name: confidence, field: boxes.0.score }]
thresholds:
  cv.p95.ms: { limit: 200, reason: A part is in front of the camera for 250 ms. }
`;
  const { profile, mistakes } = loadProfile(text);
  expect(mistakes).toEqual([]);
  expect(profile).toMatchObject({ layers: [], claims: [], tables: [], agents: [] });
});

describe('small languages in it are read with it', () => {
  it.each<[string, string, string, string | RegExp]>([
    ['[cell-a/weight] + [cell-b/weight]', '[cell-a/weight] +', 'channels.0.expression', 'At character 18: '],
    ['0 <= confidence <= 1', '0 <= confidence <=', 'services.0.paths.0.invariants.0', 'not the end'],
    ['rows: items', "rows: 'items['", 'services.0.paths.0.rows', '[0], [*] or ["name"]'],
    ['key: part', "key: 'part[*]'", 'services.0.paths.0.key', 'without [*]'],
    ["pattern: 'uvicorn .*cv' }", "pattern: '(?=x)' }", 'claims.1.shows.pattern', 'no looking ahead'],
    ['(?:the )?', '(a+)+\\1', 'claims.1.says.pattern', 'no back-references'],
    [
      'files: ~/.claude/projects/*/*.jsonl',
      "files: '**/**/**'",
      'agents.0.transcripts.files',
      '** at most twice',
    ],
  ])('%s → %s', (from, to, path, message) => {
    const [line, where, says] = mistakeOf(qc, from, to);
    expect(where).toBe(path);
    expect(says).toContain(message);
    expect(line).toContain(to);
  });
});

describe('parts that do not fit together', () => {
  it.each<[string | RegExp, string, string, string]>([
    ['[cell-b/weight]', '[cell-c/weight]', 'channels.0.expression', 'no device or service "cell-c"'],
    ['[cell-b/weight]', '[cell-b/wieght]', 'channels.0.expression', 'it has raw, weight'],
    ['[cell-b/weight]', '[count/parts]', 'channels.0.expression', 'count/parts stands after this one'],
    ['[cell-b/weight]', '[math/other]', 'channels.0.expression', 'no channel math/other'],
    ['channel: beam/beam', 'channel: beam/level', 'channels.1.count.channel', 'it has beam'],
    ['channel: count/parts', 'channel: count/part', 'layers.0.source.channel', 'no channel count/part'],
    [
      'service: llm, path: /scores',
      'service: lm, path: /scores',
      'layers.2.source.service',
      'no service "lm"',
    ],
    [
      'service: llm, path: /scores',
      'service: llm, path: /score',
      'layers.2.source.path',
      'has no path /score',
    ],
    [
      'by: table, table: scores }\n    delay',
      'by: table, table: score }\n    delay',
      'layers.3.source.table',
      'no table "score"',
    ],
    [/ {8}key: part\n/, '', 'layers.1.source.path', 'known by is missing'],
    [/ {4}delay: \{ least: 0.2, most: 2 \}\n/, '', 'layers.1.delay', 'How long after the first layer'],
    ['least: 0.2, most: 2', 'least: 3, most: 2', 'layers.1.delay', 'least is at most most'],
    [
      'what: label, field: label }\n  - name: scorer',
      'what: lable, field: label }\n  - name: scorer',
      'layers.1.tells.0.what',
      'No other layer tells lable',
    ],
    [
      'path: /api/summary, field: parts',
      'path: /api/sum, field: parts',
      'claims.0.says.path',
      'name it among its paths',
    ],
    ['table: scores, take: count', 'table: outbox, take: count', 'claims.0.shows.table', 'no table "outbox"'],
    ['agent: operator', 'agent: nobody', 'claims.1.says.agent', 'no agent "nobody"'],
    ['channel: cv/up', 'channel: cv/upp', 'claims.2.shows.of.0.channel', 'it has up, answer, confidence'],
    [
      'by: table, table: scores, take: count',
      'by: http, service: dashboard, path: /api/summary, field: parts',
      'claims.0.shows',
      'the very source that says it',
    ],
    [
      'service: cv\n    path: /golden',
      'service: cw\n    path: /golden',
      'golden.0.service',
      'no service "cw"',
    ],
    ['path: /golden/{id}', 'path: /golden/1', 'golden.0.path', 'has {id}'],
    ['ok-1: { label: ok }', 'ok-2: { label: ok }', 'golden.0.expected.ok-2', 'none of the ids'],
    ['ok-1: { label: ok }', 'ok-1: { lable: ok }', 'golden.0.expected.ok-1.lable', 'none of the fields'],
    [
      'service: cv, path: /health, field: model',
      'service: cv, path: /model, field: model',
      'fingerprints.0.parts.name.read.path',
      'has no path /model',
    ],
    ['- name: llm\n', '- name: beam\n', 'services.1.name', 'is the name of a device'],
    ['id: total', 'id: parts', 'channels.1.id', 'used twice'],
    ['- id: cell-b\n', '- id: math\n', 'devices.1.id', 'the name of channels of the room'],
  ])('%s → %s', (from, to, path, message) => {
    const [, where, says] = mistakeOf(qc, from, to);
    expect(where).toBe(path);
    expect(says).toContain(message);
  });

  it('a reading with several groups says which is meant', () => {
    const wanted = mistakeOf(web, "(\\.\\d\\d)?)', value: value", "(?<cents>\\.\\d\\d)?)', value: amount");
    expect(wanted.slice(1)).toEqual(['claims.1.says.value', 'The pattern has no group (?<amount>…).']);
    const unsaid = mistakeOf(web, 'deployed (?<value>v[\\d.]+)', '(?<when>\\S+) deployed (?<what>v[\\d.]+)');
    expect(unsaid.slice(1)).toEqual([
      'claims.2.says.pattern',
      'Which group is meant is missing: value: when.',
    ]);
  });

  it('columns of a dialect without its own are those that the profile names', () => {
    const device = (columns: string) => `
name: x
devices:
  - id: board
    name: Board
    dialect: csv
    link: { by: path, path: /dev/x, baud: 9600 }
${columns}channels: [{ id: a, expression: '[board/c7]' }]
`;
    expect(loadProfile(device('')).mistakes).toEqual([]);
    expect(loadProfile(device('    columns: [{ column: c7, unit: g }]\n')).mistakes).toEqual([]);
    expect(loadProfile(device('    columns: [{ column: c1 }]\n')).mistakes).toMatchObject([
      { line: 9, path: 'channels.0.expression', message: 'board has no column "c7": it has c1.' },
    ]);
  });
});

describe('a key never stands in a profile', () => {
  it.each([
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    'sb_secret_abcdefghijklmnop',
    'sk_live_0123456789',
    'a'.repeat(64),
  ])('%s is refused', (key) => {
    const [line, path, message] = mistakeOf(qc, '{ env: SUPABASE_KEY }', `{ env: ${key} }`);
    expect([line, path]).toEqual([`key: { env: ${key} }`, 'tables.0.key.env']);
    expect(message).toContain('only its name');
  });

  it('and lies in one place, which is named', () => {
    expect(mistakeOf(qc, '{ env: SUPABASE_KEY }', '{}')[2]).toContain('where the key lies');
    expect(mistakeOf(qc, '{ env: SUPABASE_KEY }', '{ env: A, keychain: b }')[2]).toContain(
      'where the key lies',
    );
    expect(mistakeOf(qc, '{ env: SUPABASE_KEY }', 'SUPABASE_KEY')[1]).toBe('tables.0.key');
  });

  it('not in the address either', () => {
    const url = 'https://example.supabase.co';
    expect(mistakeOf(qc, url, 'https://me:secret@example.supabase.co')[2]).toContain(
      'no place in an address',
    );
    expect(mistakeOf(qc, url, `${url}/?apikey=x`)[2]).toContain('without ? and #');
    expect(mistakeOf(qc, url, `${url}/rest/v1`)[2]).toContain('without /rest/v1');
  });
});

it('a field has a unit or an epoch, and a kind of source its own members', () => {
  expect(mistakeOf(qc, 'field: grams, unit: g', 'field: grams')[2]).toBe('either a unit or an epoch');
  expect(mistakeOf(qc, 'unit: g }', 'unit: g, epoch: seconds }')[2]).toBe('either a unit or an epoch');
  expect(mistakeOf(qc, 'by: process, pattern', 'by: proces, pattern')[1]).toBe('claims.1.shows.by');
  expect(mistakeOf(qc, 'take: least, window', 'take: least, windw')[2]).toBe('There is no "windw" here.');
  expect(mistakeOf(qc, 'count: { channel', "expression: '[cell-a/raw]'\n    count: { channel")[2]).toContain(
    'either an expression or a count',
  );
});
