import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { keyProps } from '../commands/keys.ts';
import { DevicesPane } from '../panes/devices/devices-pane.tsx';
import { EvidencePane } from '../panes/evidence/evidence-pane.tsx';
import { LadderPane } from '../panes/ladder/ladder-pane.tsx';
import { PeoplePane } from '../panes/people/people-pane.tsx';
import { RigPane } from '../panes/rig/rig-pane.tsx';
import { ScopesPane } from '../panes/scopes/scopes-pane.tsx';
import { TerminalPane } from '../panes/terminal/terminal-pane.tsx';
import { TimelinePane } from '../panes/timeline/timeline-pane.tsx';
import type { SidePane } from '../store/session.ts';
import { useRoom } from '../store/store.ts';
import { Tabs, type TabItem } from '../ui/tabs.tsx';
import { Boundary } from './boundary.tsx';
import type { Shape } from './use-shape.ts';

const item = (key: SidePane, title: string, keys: string, Content: () => ReactNode): TabItem<SidePane> => ({
  key,
  title,
  keys: keyProps(keys),
  content: () => (
    <Boundary what={`The pane ${title}`}>
      <Content />
    </Boundary>
  ),
});

const ladder = item('ladder', 'Ladder', 'Alt+L', LadderPane);
const scopes = item('scopes', 'Scopes', 'Alt+S', ScopesPane);
const terminal = item('terminal', 'Terminal', 'Alt+T', TerminalPane);
const rest = [
  item('timeline', 'Timeline', 'Alt+1', TimelinePane),
  item('evidence', 'Evidence', 'Alt+2', EvidencePane),
  item('people', 'People', 'Alt+3', PeoplePane),
  item('devices', 'Devices', 'Alt+4', DevicesPane),
];
const rig = item('rig', 'Rig', 'Alt+5', RigPane);

/** The panes that are tabs of one place in this shape; those left out stand by themselves. */
function tabsOf(shape: Shape, isDrill: boolean): TabItem<SidePane>[] {
  const all = isDrill ? [...rest, rig] : rest;
  if (shape === 'wide') return all;
  return shape === 'narrow' ? [ladder, ...all] : [ladder, scopes, terminal, ...all];
}

/** The panes. The less room there is, the more of them are tabs. */
export function Layout({ shape }: { shape: Shape }) {
  const isDrill = useRoom((store) => store.state.incident?.drill ?? false);
  const side = useRoom((store) => store.side);
  const items = tabsOf(shape, isDrill);
  const selected = items.some(({ key }) => key === side) ? side : shape === 'single' ? 'scopes' : 'timeline';
  const tabs = (
    <Tabs
      label="Panes"
      items={items}
      selected={selected}
      onSelect={(key) => useRoom.getState().set({ side: key })}
    />
  );
  if (shape === 'single') return tabs;
  return (
    <Group orientation="horizontal" className="layout">
      {shape === 'wide' && (
        <Panel id="left" defaultSize="19.5rem" minSize="15rem" maxSize="30rem">
          {ladder.content()}
        </Panel>
      )}
      {shape === 'wide' && <Separator className="sash" />}
      <Panel id="centre" minSize="20rem">
        <Centre />
      </Panel>
      <Separator className="sash" />
      <Panel
        id="right"
        defaultSize={shape === 'narrow' ? '22.5rem' : '21rem'}
        minSize="16.25rem"
        maxSize="35rem"
      >
        {tabs}
      </Panel>
    </Group>
  );
}

function Centre() {
  return (
    <Group orientation="vertical">
      <Panel id="scopes" defaultSize="56%" minSize="7.5rem">
        {scopes.content()}
      </Panel>
      <Separator className="sash flat" />
      <Panel id="terminal" minSize="7.5rem">
        {terminal.content()}
      </Panel>
    </Group>
  );
}
