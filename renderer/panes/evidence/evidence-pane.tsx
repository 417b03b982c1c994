import { useState, type DragEvent } from 'react';
import type { Rung } from '../../../common/ledger/types.ts';
import type { KeptEvidence } from '../../../common/incident/state.ts';
import { uploadFile } from '../../client/upload.ts';
import { act, keptLabel } from '../../store/act.ts';
import { currentRung, seatName, useShownState, useWhyNot } from '../../store/select.ts';
import { useRoom } from '../../store/store.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea, TextInput, Field } from '../../ui/field.tsx';
import { byteSize, clockTime, fullTime } from '../../ui/format.ts';
import { Pane } from '../../ui/pane.tsx';
import './evidence.css';

/** What was kept, by whom and for which rung; files are dropped here, notes written. */
export function EvidencePane() {
  const state = useShownState();
  const mayKeep = useWhyNot('evidence.keep');
  const [isOver, setOver] = useState(false);
  // What is kept goes to the rung that is open now, also while an earlier moment is looked at.
  const rung = useRoom((store) => currentRung(store.state)) ?? undefined;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (mayKeep) return useRoom.getState().notify('bad', mayKeep);
    for (const file of event.dataTransfer.files) void keepFile(file, rung);
  };
  return (
    <Pane id="evidence" title="Evidence">
      <div
        className={`body stack drop ${isOver ? 'over' : ''}`}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div className="row">
          <label className="btn" aria-disabled={mayKeep ? true : undefined}>
            Keep a file
            <input
              className="only-read"
              type="file"
              disabled={mayKeep !== null}
              onChange={(event) => {
                for (const file of event.currentTarget.files ?? []) void keepFile(file, rung);
                event.currentTarget.value = '';
              }}
            />
          </label>
          <span className="muted">
            {rung ? `or drop one here; it goes to rung ${rung}` : 'or drop one here'}
          </span>
        </div>
        <NoteForm whyNot={mayKeep} />
        <ol className="kept cards" aria-label="Kept evidence">
          {state.evidence.toReversed().map((kept) => (
            <KeptItem key={kept.id} kept={kept} by={seatName(state, kept.seat)} />
          ))}
        </ol>
        {state.evidence.length === 0 && (
          <p className="muted">Nothing is kept yet. Keep a stretch of the scopes, a command or a file.</p>
        )}
      </div>
    </Pane>
  );
}

async function keepFile(file: File, rung: Rung | undefined): Promise<void> {
  const { link } = useRoom.getState();
  if (link.is !== 'up')
    return useRoom.getState().notify('bad', 'The link to the host is lost; nothing was sent.');
  await act((api) => uploadFile(api, link.bulk, file, rung), keptLabel);
}

function NoteForm({ whyNot }: { whyNot: string | null }) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const rung = useRoom((store) => currentRung(store.state));
  const keep = async () => {
    const kept = await act((api) => api.evidence.keepNote({ name, text, ...(rung && { rung }) }), keptLabel);
    if (!kept) return;
    setOpen(false);
    setName('');
    setText('');
  };
  if (!isOpen)
    return (
      <Button whyNot={whyNot} onClick={() => setOpen(true)}>
        Write a note
      </Button>
    );
  return (
    <form className="card stack" onSubmit={(event) => (event.preventDefault(), void keep())}>
      <Field label="What it is about">
        <TextInput
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
          autoFocus
        />
      </Field>
      <Field label="Note">
        <TextArea value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </Field>
      <div className="row">
        <Button type="submit" look="primary" whyNot={name && text ? null : 'Write both a name and the note.'}>
          Keep the note
        </Button>
        <Button onClick={() => setOpen(false)}>Cancel</Button>
      </div>
    </form>
  );
}

function KeptItem({ kept, by }: { kept: KeptEvidence; by: string }) {
  const [blob] = kept.blobs;
  const open = async () => {
    const answer = blob && (await act((api) => api.evidence.ticket({ sha256: blob.sha256 })));
    if (answer) window.open(answer.path, '_blank', 'noopener,noreferrer');
  };
  return (
    <li className="card" data-testid="kept">
      <div className="row">
        <b className="mono">{kept.label}</b>
        <span className="clip">{kept.name}</span>
        <span className="push faint">{kept.rung ? `rung ${kept.rung}` : 'no rung'}</span>
      </div>
      {kept.note && <p className="muted">{kept.note}</p>}
      <div className="row faint">
        <span className="mono" title={fullTime(kept.at)}>
          {clockTime(kept.at)}
        </span>
        <span
          className="clip"
          title={by}
        >{`${kept.kind}${blob ? ` · ${byteSize(blob.bytes)}` : ''} · ${by}`}</span>
        {blob && (
          <span className="push mono" title={`SHA-256 ${blob.sha256}`}>
            {blob.sha256.slice(0, 8)}
          </span>
        )}
        {blob && (
          <Button small onClick={() => void open()}>
            Open
          </Button>
        )}
      </div>
    </li>
  );
}
