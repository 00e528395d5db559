import { t } from '../strings.ts';

/** Takes the place of a conversation that is not there. */
export function Notice({ deleted, newChat }: { readonly deleted: boolean; readonly newChat: () => void }) {
  return (
    <div class="empty">
      <h2>{deleted ? t.deletedTitle : t.missingTitle}</h2>
      {!deleted && <p>{t.missingHint}</p>}
      <button type="button" class="button primary" onClick={newChat}>
        {t.newChat}
      </button>
    </div>
  );
}
