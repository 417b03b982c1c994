import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';

export interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A dialog over the room: focus stays in it, Escape closes it and gives focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal>
        <AriaDialog className="dialog" aria-label={title}>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
