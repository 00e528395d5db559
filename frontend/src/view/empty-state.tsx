import { t } from '../strings.ts';

/** A new chat: a word of welcome, and questions to start with. */
export function EmptyState({ ask }: { readonly ask: (question: string) => void }) {
  return (
    <div class="empty">
      <h2>{t.emptyTitle}</h2>
      <p>{t.emptyHint}</p>
      <ul class="starters">
        {t.starters.map(([kind, question]) => (
          <li key={question}>
            <button type="button" onClick={() => ask(question)}>
              <span class="starter-kind">{kind}</span>
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
