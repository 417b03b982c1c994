/** A real host in a process of its own, and a page's two sockets to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../common/contract/index.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

export interface ServedRoom {
  dataDir: string;
  port: number;
  /** The single-use link that was printed. */
  link: string;
  process: ChildProcess;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
  /** SIGKILL, and waits for its end. The data stays. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts `warroom serve` from source on a free port. */
export async function serveRoom(options: { dataDir?: string; args?: string[] } = {}): Promise<ServedRoom> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'warroom-served-')));
  const args = [cli, 'serve', '--headless', '--port', '0', '--data', dataDir, ...(options.args ?? [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const link = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(line);
      if (found) resolve(found[0]);
    });
    void ended.then(() => reject(new Error(`The host ended: ${complaints}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return {
    dataDir,
    link,
    port: Number(new URL(link).port),
    process: child,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Opens a socket as a page would; `origin` as given. Resolves when it is open, rejects with what the host said. */
export function openSocket(
  port: number,
  path: '/rpc' | '/bulk',
  origin = `http://127.0.0.1:${port}`,
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Changes a link for a session's secret. */
export async function redeem(
  link: string,
): Promise<{ status: number; body: { secret?: string; error?: string; hint?: string } }> {
  const { origin, hash } = new URL(link);
  const response = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.slice('#t='.length) }),
  });
  return { status: response.status, body: (await response.json()) as { secret?: string } };
}

/** Sends the secret and waits for the host's word. */
export function authenticate(socket: WebSocket, secret: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('close', (code, reason) => reject(new Error(`${code} ${reason.toString()}`)));
    socket.send(JSON.stringify({ secret }));
  });
}

/** Why a socket was closed. */
export function closing(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
}

/** A page's control link by a fresh session. */
export async function joinRoom(
  link: string,
): Promise<{ client: ContractRouterClient<Contract>; socket: WebSocket; secret: string }> {
  const { body } = await redeem(link);
  const socket = await openSocket(Number(new URL(link).port), '/rpc');
  await authenticate(socket, body.secret!);
  const rpc = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(rpc), socket, secret: body.secret! };
}
