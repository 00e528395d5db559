import type { Chat } from '../connection/chat.ts';
import type { Toast } from '../state/app-state.ts';
import { t } from '../strings.ts';
import { Icon } from './icon.tsx';

/** Short messages at the foot of the page. */
export function Toasts({ chat, toasts }: { readonly chat: Chat; readonly toasts: readonly Toast[] }) {
  return (
    <div class="toasts" role="status">
      {toasts.map(({ id, text, action }) => (
        <div key={id} class="toast">
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                action.run();
                chat.toasts.dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="icon-button" aria-label={t.dismiss} onClick={() => chat.toasts.dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
