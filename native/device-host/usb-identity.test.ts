import { describe, expect, it } from 'vitest';
import { identityOf, portOf } from './usb-identity.ts';

const ports = [
  { path: '/dev/ttyS0' },
  { path: '/dev/ttyUSB0', vendorId: '1A86', productId: '7523', serialNumber: 'A1' },
  { path: '/dev/ttyUSB1', vendorId: '1a86', productId: '7523', serialNumber: 'B2' },
  { path: '/dev/ttyACM0', vendorId: '2341', productId: '0043' },
];
const usb = (vendorId: string, productId: string, serialNumber?: string) => ({
  by: 'usb' as const,
  vendorId,
  productId,
  baud: 57_600,
  ...(serialNumber && { serialNumber }),
});

describe('a device by its USB identity', () => {
  it('is found wherever it is plugged in, in capitals or not', () => {
    expect(portOf(ports, usb('1a86', '7523', 'b2')).path).toBe('/dev/ttyUSB1');
    expect(portOf(ports, usb('2341', '0043')).path).toBe('/dev/ttyACM0');
    const moved = [{ path: '/dev/ttyUSB7', vendorId: '1a86', productId: '7523', serialNumber: 'B2' }];
    expect(portOf(moved, usb('1A86', '7523', 'B2')).path).toBe('/dev/ttyUSB7');
  });

  it('without a serial number is known by its kind while it is the only one', () => {
    const moved = [{ path: '/dev/ttyACM9', vendorId: '2341', productId: '0043' }];
    expect(portOf(moved, usb('2341', '0043')).path).toBe('/dev/ttyACM9');
    const twins = [...moved, { path: '/dev/ttyACM1', vendorId: '2341', productId: '0043' }];
    expect(() => portOf(twins, usb('2341', '0043'))).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        hint: expect.stringContaining('Nothing tells them apart: connect it by its path') as unknown,
      }),
    );
  });

  it('that is not there, or there twice, is told with what to do', () => {
    expect(() => portOf(ports, usb('ffff', '0000'))).toThrow(/No USB device ffff:0000/);
    expect(() => portOf(ports, usb('1a86', '7523', 'C3'))).toThrow(
      expect.objectContaining({
        code: 'not-found',
        hint: expect.stringContaining('/dev/ttyUSB0 (serial number A1), /dev/ttyUSB1') as unknown,
      }),
    );
    expect(() => portOf(ports, usb('1a86', '7523'))).toThrow(
      expect.objectContaining({
        message: '2 devices are 1a86:7523: /dev/ttyUSB0 (serial number A1), /dev/ttyUSB1 (serial number B2).',
        hint: expect.stringContaining('Connect it with its serial number') as unknown,
      }),
    );
  });

  it('is kept in one form', () => {
    expect(identityOf(ports[1]!)).toBe('1a86:7523:a1');
    expect(identityOf(ports[3]!)).toBe('2341:0043:');
    expect(identityOf(ports[0]!)).toBeUndefined();
  });
});
