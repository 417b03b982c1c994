import { describe, expect, it } from 'vitest';
import { createMemoryLedger, hostActor, hostSeat, technician } from '../../test/fakes/memory-ledger.ts';
import { draftPostmortem } from './draft.ts';

async function ledgerWith(title: string) {
  const ledger = await createMemoryLedger();
  await ledger.append({
    type: 'incident.described',
    data: { title, severity: 2, drill: true },
    actor: hostActor,
  });
  return ledger;
}

describe('the first postmortem', () => {
  it('tells the facts of the ledger in order, and nothing else', async () => {
    const ledger = await ledgerWith('Scores wrong');
    await ledger.append({ type: 'seat.named', data: { seat: hostSeat, name: 'Kim' }, actor: technician });
    await ledger.append({
      type: 'role.assumed',
      data: { seat: hostSeat, role: 'lead', reason: 'alone' },
      actor: technician,
    });
    const found = await ledger.append({
      type: 'check.found',
      rung: 1,
      data: { check: 'by-hand', result: 'pass', says: 'The claim holds' },
      actor: technician,
    });
    await ledger.append({
      type: 'rung.decided',
      rung: 1,
      data: { decision: 'eliminated', reason: 'Measured again', basis: [found.head.id] },
      actor: technician,
    });
    await ledger.append({
      type: 'gap.lost',
      data: { what: 'device', reason: 'The plug was pulled' },
      actor: hostActor,
    });
    const { markdown, html } = draftPostmortem(ledger.state);
    expect(markdown).toMatch(/^# SEV-2: Scores wrong\n\n- Declared .* This was a drill\.\n/);
    expect(markdown).toMatch(/^- Rung 1, Claim: eliminated by Kim at .*: Measured again$/m);
    expect(markdown).toContain('- Rung 1 finding (pass): The claim holds\n');
    expect(markdown).toContain('- Rung 2, Context drift: open\n');
    expect(markdown).toContain('## Commands\n\nNone.\n');
    expect(markdown).toMatch(/device: The plug was pulled\n/);
    expect(markdown).toContain('- Kim, technician\n');
    for (const heading of ['The ladder', 'Commands', 'Evidence', 'What is missing', 'People'])
      expect(html).toContain(`<h2>${heading}</h2>`);
    expect(html).toContain('<h1>SEV-2: Scores wrong</h1>');
  });

  it('says the same each time it is drafted from the same entries', async () => {
    const { state } = await ledgerWith('Same');
    expect(draftPostmortem(state)).toEqual(draftPostmortem(state));
  });

  it.each([
    ['markup', '<script>alert(1)</script> & "q"', /<script|& /],
    ['a picture', '![x](http://example.org/x.png)', null],
    ['line breaks', 'one\n# two\r\n- three', null],
  ])('keeps %s that a person wrote as text', async (_what, title, neverInHtml) => {
    const { markdown, html } = draftPostmortem((await ledgerWith(title)).state);
    const heading = markdown.split('\n')[0]!;
    expect(heading.startsWith('# SEV-2: ')).toBe(true);
    expect(heading).not.toMatch(/(?<!\\)[<>[\]!&]/);
    if (neverInHtml) expect(html).not.toMatch(neverInHtml);
  });

  it.each(['1. a list', '- a list', '+ a list', '---', '&lt;b&gt; ~~gone~~', 'a\u001b[31mred\u0007'])(
    'keeps the name %j as text in its item',
    async (name) => {
      const ledger = await ledgerWith('t');
      await ledger.append({ type: 'seat.named', data: { seat: hostSeat, name }, actor: technician });
      const { markdown, html } = draftPostmortem(ledger.state);
      const item = markdown.split('## People')[1]!.trim();
      expect(item).not.toMatch(/^- ([-+]|\d+\.)/);
      expect(item).not.toMatch(/(?<!\\)[&~]/);
      expect(`${item}${html.replaceAll('\n', '')}`).not.toMatch(/\p{Cc}/u);
      expect(item.replaceAll('\\', '')).toContain(name.replaceAll(/\p{Cc}/gu, '\ufffd'));
    },
  );
});
