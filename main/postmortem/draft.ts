/** A first postmortem from the ledger alone: facts, in order, nothing made up. */
import { allRungs, rungNames, type State } from '../../common/incident/state.ts';

/** The draft as Markdown and as one HTML page. */
export function draftPostmortem(state: State): { markdown: string; html: string } {
  const sections = sectionsOf(state);
  return { markdown: toMarkdown(sections), html: toHtml(sections) };
}

interface Section {
  title: string;
  lines: string[];
}

function sectionsOf(state: State): Section[] {
  const facts = state.incident;
  const name = (seat: string) =>
    state.seats[seat]?.name ?? `${state.seats[seat]?.role ?? 'seat'} ${seat.slice(0, 8)}`;
  return [
    {
      title: facts ? `SEV-${facts.severity}: ${facts.title}` : 'Incident',
      lines: facts
        ? [`Declared ${facts.declaredAt}. State: ${facts.state}.${facts.drill ? ' This was a drill.' : ''}`]
        : [],
    },
    {
      title: 'The ladder',
      lines: allRungs.flatMap((n) => {
        const rung = state.rungs[n];
        const verdict = rung.decision
          ? `${rung.status} by ${name(rung.decision.seat)} at ${rung.decision.at}: ${rung.decision.reason}`
          : rung.status;
        return [
          `Rung ${n}, ${rungNames[n]}: ${verdict}`,
          ...rung.findings.map(({ result, says }) => `Rung ${n} finding (${result}): ${says}`),
        ];
      }),
    },
    {
      title: 'Commands',
      lines: Object.values(state.commands).map(
        ({ startedAt, line, ended }) =>
          `${startedAt} ${line} (${ended ? `exit ${ended.exit ?? 'unknown'}` : 'not ended'})`,
      ),
    },
    {
      title: 'Evidence',
      lines: state.evidence.map(
        ({ label, kind, name: what, rung }) => `${label}: ${what} (${kind}${rung ? `, rung ${rung}` : ''})`,
      ),
    },
    {
      title: 'What is missing',
      lines: state.gaps.map(({ at, data }) => `${at} ${data.what}: ${data.reason}`),
    },
    {
      title: 'People',
      lines: Object.values(state.seats).map(
        ({ id, role, local }) => `${name(id)}, ${role}${local ? ', local' : ''}`,
      ),
    },
  ];
}

function toMarkdown(sections: Section[]): string {
  return sections
    .map(
      ({ title, lines }, i) =>
        `${i === 0 ? '#' : '##'} ${escapeMarkdown(title)}\n\n${lines.map((line) => `- ${escapeMarkdown(line)}\n`).join('') || 'None.\n'}`,
    )
    .join('\n');
}

function toHtml(sections: Section[]): string {
  const body = sections
    .map(({ title, lines }, i) => {
      const heading = i === 0 ? 'h1' : 'h2';
      const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n');
      return `<${heading}>${escapeHtml(title)}</${heading}>\n${items ? `<ul>\n${items}\n</ul>` : '<p>None.</p>'}`;
    })
    .join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Postmortem</title></head><body>\n${body}\n</body></html>\n`;
}

/** What people and machines wrote stays text: no raw HTML, no markup, no line breaks, nothing that a terminal obeys. */
function escapeMarkdown(text: string): string {
  return withoutControls(text)
    .replaceAll(/[\\`*_{}[\]<>#|!&~]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

function withoutControls(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '\ufffd');
}

function escapeHtml(text: string): string {
  return withoutControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
