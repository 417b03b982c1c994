/** The viewer's one script, as text: plain DOM, no markup made from data. */
export const viewerScript = `'use strict';
(async () => {
  const unpack = async (node) => {
    const bytes = Uint8Array.from(atob(node.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
  };
  const file = (path) => document.querySelector('script[data-path="' + path + '"]');
  const content = document.getElementById('content');
  const add = (parent, tag, text) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  };
  const lines = (await unpack(file('ledger.jsonl'))).trimEnd().split('\\n').map((line) => JSON.parse(line));
  const keys = JSON.parse(await unpack(file('keys/keys.json'))).keys;
  // The host's device: that of the last epoch, from entry 0 or the last take-over.
  const epoch = lines.findLast((line) => line.head.seq === 0 || line.head.type === 'host.taken-over');
  const device = keys.find((key) => key.vkey === epoch.body.data.device);
  document.getElementById('device').textContent = device ? device.fingerprint : 'not listed';
  const described = lines.find((line) => line.head.type === 'incident.described' && line.body);
  if (described) document.getElementById('title').textContent = 'SEV ' + described.body.data.severity + ' · ' + described.body.data.title;
  add(content, 'h2', 'Rungs');
  const rungs = add(content, 'table');
  for (const line of lines) {
    if (!line.body || !['rung.decided', 'rung.reopened', 'check.found'].includes(line.head.type)) continue;
    const row = add(rungs, 'tr');
    add(row, 'td', 'Rung ' + line.head.rung);
    add(row, 'td', line.body.data.decision || line.body.data.result || 're-opened');
    add(row, 'td', line.body.data.reason || line.body.data.says || '');
  }
  add(content, 'h2', lines.length + ' entries');
  const table = add(content, 'table');
  for (const line of lines) {
    const row = add(table, 'tr');
    add(row, 'td', String(line.head.seq)).className = 'n';
    add(add(row, 'td'), 'time', line.head.at);
    add(row, 'td', line.head.actor.kind + ' (' + line.head.actor.role + ')');
    add(row, 'td', line.head.type);
    add(add(row, 'td'), 'code', line.body ? JSON.stringify(line.body.data) : 'withheld');
  }
})().catch((error) => {
  const note = document.createElement('p');
  note.className = 'box';
  note.textContent = 'This page could not show all of the bundle, so it is not to be relied on (' + error + '). Run warroom verify on the bundle.';
  document.getElementById('content').prepend(note);
});
`;
