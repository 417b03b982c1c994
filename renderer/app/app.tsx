import { useEffect, useState } from 'react';
import { connect } from '../client/connect.ts';
import type { Connection } from '../client/connection.ts';
import { registry } from '../commands/registry.ts';
import { roomCommands } from '../commands/room-commands.ts';
import { scopeCommands } from '../commands/scope-commands.ts';
import { terminalCommands } from '../commands/terminal-commands.ts';
import { FirstRun } from '../panes/first-run/first-run.tsx';
import { Strip } from '../panes/strip/strip.tsx';
import { useRoom } from '../store/store.ts';
import { startSync } from '../store/sync.ts';
import { Banners } from './banners.tsx';
import { Header } from './header.tsx';
import { Layout } from './layout.tsx';
import { Notices } from './notices.tsx';
import { Dialogs } from './palette.tsx';
import { useCommandKeys } from './use-keys.ts';
import { useKeyTips } from './use-key-tips.ts';
import { useShape } from './use-shape.ts';
import './app.css';

/** The war room: one screen. */
export function App() {
  const [connection, setConnection] = useState<Connection | null>(null);
  const link = useRoom((store) => store.link);
  const room = useRoom((store) => store.room);
  const shape = useShape();
  useCommandKeys();
  useKeyTips();
  useEffect(() => registry.add([...roomCommands, ...scopeCommands, ...terminalCommands]), []);
  useEffect(() => {
    const opened = startSync(connect);
    setConnection(opened);
    return () => opened.close();
  }, []);
  if (link.is === 'refused') return <Refused message={link.problem.message} hint={link.problem.hint} />;
  return (
    <div className="room" data-shape={shape} data-link={link.is}>
      <Header />
      <Banners retry={() => connection?.retry()} />
      {room?.incident ? (
        <>
          <div className="middle">
            <Layout key={room.incident} shape={shape} />
          </div>
          <Strip />
        </>
      ) : (
        <div className="middle">
          {room ? <FirstRun /> : <p className="closed muted">Connecting to the host…</p>}
        </div>
      )}
      <Notices />
      <Dialogs />
    </div>
  );
}

/** The host does not know this page: no try will help. */
function Refused({ message, hint }: { message: string; hint: string }) {
  return (
    <main className="closed" role="alert">
      <h1>The door is closed</h1>
      <p>{message}</p>
      {hint && <p className="muted">{hint}</p>}
      <p>
        A new link comes from <code className="mono">npm run -s warroom -- open</code>
      </p>
    </main>
  );
}
