/** Services on the network: their health and their answers as samples. */
export { createServices } from './services.ts';
export { createServicesApi } from './api.ts';
export type { ServiceLinkEvent, Services, ServicesDeps } from './types.ts';
