export { draftPostmortem } from './draft.ts';
