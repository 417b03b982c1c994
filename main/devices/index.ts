export { createDevices } from './devices.ts';
export { createDevicesApi } from './api.ts';
export type { DeviceLinkEvent, DeviceLoss, Devices, DevicesDeps } from './types.ts';
