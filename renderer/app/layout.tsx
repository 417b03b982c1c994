import { Group, Panel, Separator } from 'react-resizable-panels';
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
import { useIsNarrow } from './use-narrow.ts';

const timeline = { key: 'timeline', title: 'Timeline', content: () => <TimelinePane /> } as const;
const ladder = { key: 'ladder', title: 'Ladder', content: () => <LadderPane /> } as const;
const rest = [
  { key: 'evidence', title: 'Evidence', content: () => <EvidencePane /> },
  { key: 'people', title: 'People', content: () => <PeoplePane /> },
  { key: 'devices', title: 'Devices', content: () => <DevicesPane /> },
] as const;
const rig = { key: 'rig', title: 'Rig', content: () => <RigPane /> } as const;

/** The panes. Where there is little room the ladder becomes a tab beside the others. */
export function Layout() {
  const isNarrow = useIsNarrow();
  const isDrill = useRoom((store) => store.state.incident?.drill ?? false);
  const side = useRoom((store) => store.side);
  const items: TabItem<SidePane>[] = [
    ...(isNarrow ? [ladder] : []),
    timeline,
    ...rest,
    ...(isDrill ? [rig] : []),
  ];
  const selected = items.some(({ key }) => key === side) ? side : 'timeline';
  return (
    <Group orientation="horizontal" className="layout">
      {!isNarrow && (
        <Panel id="left" defaultSize="312px" minSize="240px" maxSize="480px">
          <LadderPane />
        </Panel>
      )}
      {!isNarrow && <Separator className="sash" />}
      <Panel id="centre" minSize="320px">
        <Group orientation="vertical">
          <Panel id="scopes" defaultSize="56%" minSize="120px">
            <ScopesPane />
          </Panel>
          <Separator className="sash flat" />
          <Panel id="terminal" minSize="120px">
            <TerminalPane />
          </Panel>
        </Group>
      </Panel>
      <Separator className="sash" />
      <Panel id="right" defaultSize={isNarrow ? '360px' : '336px'} minSize="260px" maxSize="560px">
        <Tabs
          label="Panes"
          items={items}
          selected={selected}
          onSelect={(key) => useRoom.getState().set({ side: key })}
        />
      </Panel>
    </Group>
  );
}
