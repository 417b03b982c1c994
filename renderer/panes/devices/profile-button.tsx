import { useRef } from 'react';
import { deviceSpecOf, loadProfile, serviceSpecOf } from '../../../common/profile/index.ts';
import { act } from '../../store/act.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';

const shownMistakes = 3;

/** Connects every device and service that a profile names. One that can't be connected says so by itself. */
export function ProfileButton({ whyNot }: { whyNot: string | null }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button whyNot={whyNot} onClick={() => input.current?.click()}>
        Connect what a profile names…
      </Button>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml"
        hidden
        aria-label="Profile"
        data-testid="profile-file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void connectAll(file);
        }}
      />
    </>
  );
}

async function connectAll(file: File): Promise<void> {
  const { profile, mistakes } = loadProfile(await file.text());
  const { notify } = useRoom.getState();
  if (!profile) {
    const first = mistakes
      .slice(0, shownMistakes)
      .map(({ line, path, message }) => `line ${line}: ${path} ${message}`);
    return notify('bad', `${file.name} is no profile that can be used.`, first.join(' · '));
  }
  for (const device of profile.devices) await act((api) => api.devices.connect(deviceSpecOf(device)));
  for (const service of profile.services) await act((api) => api.services.connect(serviceSpecOf(service)));
  notify(
    'good',
    `${profile.name}: ${profile.devices.length} devices and ${profile.services.length} services are being connected.`,
  );
}
