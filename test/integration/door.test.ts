import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditPayload, encodeFrame, frameKind } from '../../common/contract/bulk.ts';
import {
  authenticate,
  closing,
  joinRoom,
  openSocket,
  redeem,
  serveRoom,
  type ServedRoom,
} from '../fakes/served-room.ts';

let room: ServedRoom;
let secret = '';
beforeAll(async () => {
  room = await serveRoom();
  secret = (await redeem(room.link)).body.secret!;
});
afterAll(async () => {
  await room.stop();
  await room.remove();
});

/** A request with headers that fetch would not send. */
function ask(
  headers: Record<string, string>,
  method = 'GET',
  path = '/',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: room.port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('the door', () => {
  it('turns a foreign Host or Origin away and says why', async () => {
    expect(await ask({ host: 'evil.example' })).toMatchObject({
      status: 403,
      text: expect.stringMatching(/Host/) as string,
    });
    expect(await ask({ host: `localhost:${room.port}` })).toMatchObject({ status: 403 });
    const own = { host: `127.0.0.1:${room.port}` };
    expect(await ask({ ...own, origin: 'http://evil.example' }, 'POST', '/session')).toMatchObject({
      status: 403,
    });
    expect(await ask(own, 'POST', '/session')).toMatchObject({ status: 403 });
    await expect(openSocket(room.port, '/rpc', 'http://evil.example')).rejects.toThrow(/403/);
    await expect(openSocket(room.port, '/bulk', 'null')).rejects.toThrow(/403/);
  });

  it('opens a link once', async () => {
    const again = await redeem(room.link);
    expect(again.status).toBe(403);
    expect(again.body.error).toMatch(/used already/);
    expect(again.body.hint).toMatch(/open/);
  });

  it('reads nothing of a socket before its secret', async () => {
    const socket = await openSocket(room.port, '/rpc');
    const closed = closing(socket);
    socket.send(JSON.stringify({ secret: 'a guess' }));
    expect(await closed).toMatchObject({ code: 4401 });
  });

  it('says so when its port is taken', async () => {
    await expect(serveRoom({ args: ['--port', String(room.port)] })).rejects.toThrow(/in use|EADDRINUSE/);
  });

  it('gives only files of the page', async () => {
    const own = { host: `127.0.0.1:${room.port}` };
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/../../package.json',
      '/ticket/guess',
    ])
      expect((await ask(own, 'GET', path)).status).toBe(404);
  });
});

describe('a malformed message', () => {
  it('closes the control plane with a reason', async () => {
    const socket = await openSocket(room.port, '/rpc');
    await authenticate(socket, secret);
    const closed = closing(socket);
    socket.send('{"not json');
    expect(await closed).toMatchObject({ code: 4400, reason: expect.stringMatching(/Malformed/) as string });
  });

  it.each([
    ['garbage', Buffer.from('garbage that is no frame')],
    [
      'credit for a stream nobody opened',
      Buffer.from(
        encodeFrame({ kind: frameKind.credit, flags: 0, stream: 9, seq: 0, payload: creditPayload(5) }),
      ),
    ],
  ])('closes the bulk plane with a reason: %s', async (_what, bytes) => {
    const socket = await openSocket(room.port, '/bulk');
    await authenticate(socket, secret);
    const closed = closing(socket);
    socket.send(bytes);
    const { code, reason } = await closed;
    expect(code).toBe(4400);
    expect(reason).toMatch(/\w/);
  });

  it('of a call gets a typed error and loses nothing', async () => {
    const dialled = await joinRoomAgain();
    await expect(dialled.client.room.declare({ title: '', severity: 99 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await expect(dialled.client.incident.note({ text: 'x' })).rejects.toMatchObject({
      data: { code: 'not-found' },
    });
    expect(await dialled.client.room.get()).toMatchObject({ incident: null });
    dialled.socket.close();
  });
});

describe('seats on this machine', () => {
  it('join as local seats, act by their role, and their requests are signed', async () => {
    const technician = await joinRoomAgain();
    await technician.client.room.declare({ title: 'Two seats', severity: 3 });
    const { url } = await technician.client.incident.invite({ role: 'observer' });
    const observer = await joinRoom(url);
    await observer.client.incident.note({ text: 'I only watch' });
    await expect(observer.client.drill.start({})).rejects.toMatchObject({ data: { code: 'refused' } });
    await expect(observer.client.incident.invite({ role: 'lead' })).rejects.toMatchObject({
      data: { code: 'refused' },
    });
    const lead = await joinRoom((await technician.client.incident.invite({ role: 'lead' })).url);
    const finding = await lead.client.ladder.addFinding({ rung: 1, result: 'pass', says: 'seen' });
    await lead.client.ladder.decide({ rung: 1, decision: 'eliminated', reason: 'seen', basis: [finding.id] });
    // What is too large for an entry is signed by its digest.
    const long = await lead.client.evidence.keepNote({ name: 'long', text: '長'.repeat(70_000) });
    const entries = await technician.client.ledger.range({ from: 0, to: 100 });
    expect(entries[long.seq]?.body.req?.bytes).toMatch(/"params":\{"sha256":"[0-9a-f]{64}"\}/);
    const joined = entries.filter(({ head }) => head.type === 'seat.joined').map(({ body }) => body.data);
    expect(joined).toMatchObject([
      { role: 'technician' },
      { role: 'observer', local: true },
      { role: 'lead', local: true },
    ]);
    expect(entries.find(({ head }) => head.type === 'rung.decided')?.body.req?.key).toBe(
      (joined[2] as { seat: string }).seat,
    );
    await technician.client.room.leave();
    for (const { socket } of [technician, observer, lead]) socket.close();
  });
});

/** The host's own seat, through the link that the command line would print. */
async function joinRoomAgain() {
  const { dial } = await import('../../main/remote/dial.ts');
  const { client, close } = await dial(room.dataDir);
  return { client, socket: { close } };
}
