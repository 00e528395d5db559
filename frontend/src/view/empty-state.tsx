import { t } from '../strings.ts';

interface EmptyStateProps {
  readonly ask: (question: string) => void;
  /** The answers come from the demo model. */
  readonly demo: boolean;
}

/** A new chat: a word of welcome, and questions to start with. */
export function EmptyState({ ask, demo }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2>{t.emptyTitle}</h2>
      <p>{t.emptyHint}</p>
      {demo && <p class="demo">{t.demo}</p>}
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
