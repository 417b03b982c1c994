import { create } from 'zustand';
import { createDocumentSlice, type DocumentSlice } from './document.ts';
import { createLinkSlice, type LinkSlice } from './link.ts';
import { createScopeViewSlice, type ScopeViewSlice } from './scope-view.ts';
import { createSessionSlice, type SessionSlice } from './session.ts';

/** Everything the page knows: the incident as a fold, what the host tells, and this page's own view. */
export type RoomStore = DocumentSlice & LinkSlice & SessionSlice & ScopeViewSlice;

export const useRoom = create<RoomStore>()((...creator) => ({
  ...createDocumentSlice(...creator),
  ...createLinkSlice(...creator),
  ...createSessionSlice(...creator),
  ...createScopeViewSlice(...creator),
}));
