export { createDevices } from './devices.ts';
export { createDevicesApi } from './api.ts';
export type { DeviceLoss } from '../../common/wire/device-messages.ts';
export type { DeviceChannelsEvent, DeviceLinkEvent, Devices, DevicesDeps } from './types.ts';
