export { profileOfState } from './fallback.ts';
export { loadProfile, type LoadedProfile, type ProfileMistake } from './load.ts';
export { profile, type Profile } from './schema.ts';
