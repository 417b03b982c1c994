import { describe, expect, it } from 'vitest';
import { freeId } from './names.ts';
import { linkOf } from './port-link.ts';

describe('what a person names', () => {
  it('is an address, a path, or a USB identity', () => {
    const ports = [
      { path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523', serialNumber: 'A1' },
      { path: '/dev/ttyS0' },
    ];
    expect(linkOf('192.168.55.1:9000', ports, 9600)).toEqual({ by: 'tcp', host: '192.168.55.1', port: 9000 });
    expect(linkOf('[::1]:9000', ports, 9600)).toEqual({ by: 'tcp', host: '::1', port: 9000 });
    expect(linkOf('/dev/ttyS0', ports, 9600)).toEqual({ by: 'path', path: '/dev/ttyS0', baud: 9600 });
    expect(linkOf('COM3', ports, 9600)).toEqual({ by: 'path', path: 'COM3', baud: 9600 });
    expect(linkOf('/dev/ttyUSB0', ports, 9600)).toEqual({
      by: 'usb',
      vendorId: '1a86',
      productId: '7523',
      serialNumber: 'A1',
      baud: 9600,
    });
  });

  it('gets an id of its own', () => {
    expect(freeId('Cell A', [])).toBe('cell-a');
    expect(freeId('cell-a', ['cell-a', 'cell-a-2'])).toBe('cell-a-3');
    expect(freeId('…', [])).toBe('sensor');
  });
});
