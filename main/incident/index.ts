export { createIncidentApi } from './api.ts';
export { createClockLog } from './clock-log.ts';
export { createChannelLog, createDeviceLog, type LinkEvent } from './device-log.ts';
export { createRoom, createRoomApi, type Parts, type Room } from './room.ts';
export { createSeats, type SeatKey, type Seats } from './seats.ts';
