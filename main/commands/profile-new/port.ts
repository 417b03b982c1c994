import type { DeviceLink, ProbeReport } from '../../../common/contract/devices.ts';
import type { PortInfo } from '../../../common/wire/device-messages.ts';
import { nameAfter } from './names.ts';
import type { Draft, Note } from './notes.ts';

/** The serial ports of this machine (of `Devices`, main/devices/types.ts). */
export interface Ports {
  ports(): Promise<PortInfo[]>;
  probe(link: DeviceLink, signal: AbortSignal | undefined): AsyncIterable<ProbeReport>;
}

const firstBaud = 57_600;

/** Listens at a port (which opens it: many boards restart) and drafts the device that speaks there; null where none is known. */
export async function draftPort(
  path: string,
  { listed, ports, taken }: { listed: PortInfo[]; ports: Ports; taken: readonly string[] },
): Promise<Draft<Record<string, unknown> | null>> {
  let last: ProbeReport | null = null;
  for await (const report of ports.probe({ by: 'path', path, baud: firstBaud }, undefined)) last = report;
  const [guess, ...others] = last?.guesses ?? [];
  if (!guess || !last) {
    const why = last?.problem ? `${last.problem.message} ${last.problem.hint}` : 'nothing fits what came';
    return { value: null, notes: [{ path: [], text: `${path} is left out: ${why}` }] };
  }
  const baud = last.baud ?? firstBaud;
  const port = listed.find((each) => each.path === path);
  const name = path.split(/[\\/]/).at(-1)!;
  const value = {
    id: nameAfter(name, ['math', 'count', ...taken]),
    name,
    dialect: guess.dialect,
    link:
      port?.vendorId && port.productId
        ? {
            by: 'usb',
            vendorId: port.vendorId,
            productId: port.productId,
            ...(port.serialNumber && { serialNumber: port.serialNumber }),
            baud,
          }
        : { by: 'path', path, baud },
    ...(Object.keys(guess.options).length > 0 && { options: guess.options }),
  };
  const also = others.length > 0 ? ` Else ${others.map(({ dialect }) => dialect).join(', ')}.` : '';
  const notes: Note[] = [
    { path: ['name'], text: `TO FILL IN: what it is. It was found at ${path}.` },
    { path: ['dialect'], text: `${guess.why} (${Math.round(guess.confidence * 100)} %).${also}` },
  ];
  return { value, notes };
}

/** A port in a line, for the list of those that nobody asked about. */
export function describePort({ path, manufacturer, vendorId, productId, serialNumber }: PortInfo): string {
  const identity = [vendorId, productId, serialNumber].filter(Boolean).join(':');
  return [path, manufacturer, identity].filter(Boolean).join(', ');
}
