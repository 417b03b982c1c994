import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';

export interface TabItem<K extends string> {
  key: K;
  title: string;
  /** Attributes that tell the keys which lead to it. */
  keys?: object;
  content: () => ReactNode;
}

export interface TabsProps<K extends string> {
  label: string;
  items: TabItem<K>[];
  selected: K;
  onSelect(key: K): void;
}

/** Panes that share one place. Only the selected one is mounted. */
export function Tabs<K extends string>({ label, items, selected, onSelect }: TabsProps<K>) {
  return (
    <AriaTabs className="tabs" selectedKey={selected} onSelectionChange={(key) => onSelect(key as K)}>
      <TabList className="head tab-list" aria-label={label}>
        {items.map(({ key, title, keys }) => (
          <Tab key={key} id={key} className="tab" data-testid={`tab-${key}`}>
            <span {...keys}>{title}</span>
          </Tab>
        ))}
      </TabList>
      {items.map(({ key, content }) => (
        <TabPanel key={key} id={key} className="tab-panel">
          {content()}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
