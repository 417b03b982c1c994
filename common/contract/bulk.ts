/**
 * The bulk plane: framed binary messages (FORMATS, Bulk plane). One message of the transport is one frame.
 * `u8 version 1 · u8 kind · u16 flags · u32 stream · u64 seq`, little-endian, then the payload.
 */
import { WarroomError } from '../lib/errors.ts';

export const frameKind = { data: 1, credit: 2, end: 3, error: 4 } as const;
export type FrameKind = (typeof frameKind)[keyof typeof frameKind];

export const frameHeaderBytes = 16;
export const maxPayloadBytes = 1 << 20;
/** How much a page may send on a stream before the host's first credit. */
export const uploadWindow = 1 << 20;

/** One frame. `seq` counts the frames of this kind's sender on this stream from 0; a credit's payload is a u32 of bytes. */
export interface Frame {
  kind: FrameKind;
  flags: number;
  stream: number;
  seq: number;
  payload: Uint8Array;
}

/** The bytes of a frame. Throws `bad-input` when the payload is over 1 MiB. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  if (frame.payload.length > maxPayloadBytes) throw malformed(`a payload of ${frame.payload.length} bytes`);
  const bytes = new Uint8Array(frameHeaderBytes + frame.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, frame.kind);
  view.setUint16(2, frame.flags, true);
  view.setUint32(4, frame.stream, true);
  view.setBigUint64(8, BigInt(frame.seq), true);
  bytes.set(frame.payload, frameHeaderBytes);
  return bytes;
}

/** Reads a frame; its payload shares the memory of `bytes`. Throws `bad-input` for anything malformed. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < frameHeaderBytes) throw malformed(`${bytes.length} bytes, under a header's 16`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0);
  const kind = view.getUint8(1);
  const seq = view.getBigUint64(8, true);
  if (version !== 1) throw malformed(`version ${version}`);
  if (!isKind(kind)) throw malformed(`kind ${kind}`);
  if (bytes.length - frameHeaderBytes > maxPayloadBytes)
    throw malformed(`a payload of ${bytes.length - frameHeaderBytes} bytes`);
  if (seq > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`seq ${seq}`);
  if (kind === frameKind.credit && bytes.length !== frameHeaderBytes + 4)
    throw malformed('a credit that is not a u32');
  return {
    kind,
    flags: view.getUint16(2, true),
    stream: view.getUint32(4, true),
    seq: Number(seq),
    payload: bytes.subarray(frameHeaderBytes),
  };
}

/** The payload of a credit frame: how many more bytes the receiver takes. */
export function creditPayload(byteCount: number): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, byteCount, true);
  return payload;
}

export function creditOf(frame: Frame): number {
  return new DataView(frame.payload.buffer, frame.payload.byteOffset, 4).getUint32(0, true);
}

function isKind(kind: number): kind is FrameKind {
  return kind >= frameKind.data && kind <= frameKind.error;
}

function malformed(what: string): WarroomError {
  return new WarroomError('bad-input', `Malformed bulk frame: ${what}.`, 'The link was closed; reconnect.');
}
