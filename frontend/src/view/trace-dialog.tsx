import { useEffect, useState } from 'preact/hooks';
import type { Chat } from '../connection/chat.ts';
import { Refusal } from '../connection/http.ts';
import type { Trace } from '../connection/read-trace.ts';
import { t } from '../strings.ts';
import { Dialog } from './dialog.tsx';
import { formatDuration } from './formats.ts';

interface TraceDialogProps {
  readonly chat: Chat;
  readonly messageId: string;
  readonly close: () => void;
}

/** How an answer travelled: every step, when it was done, and what it took. */
export function TraceDialog({ chat, messageId, close }: TraceDialogProps) {
  const [trace, setTrace] = useState<Trace | 'none' | 'failed'>();
  useEffect(() => {
    chat.trace(messageId).then(
      (found) => setTrace(found ?? 'none'),
      (error: unknown) => setTrace(error instanceof Refusal && !error.passing ? 'none' : 'failed'),
    );
  }, [chat, messageId]);
  return (
    <Dialog title={t.route} close={close}>
      {trace === undefined && <p class="quiet">{t.link.connecting}</p>}
      {trace === 'none' && <p>{t.routeNone}</p>}
      {trace === 'failed' && <p>{t.routeFailed}</p>}
      {typeof trace === 'object' && <Steps trace={trace} />}
    </Dialog>
  );
}

function Steps({ trace: { steps, total_ms } }: { readonly trace: Trace }) {
  const start = Math.min(...steps.map(({ at, ms }) => at - ms));
  const span = Math.max(total_ms, ...steps.map(({ at }) => at - start), 1);
  const percent = (ms: number) => `${(100 * ms) / span}%`;
  return (
    <>
      <p class="quiet">{t.routeTotal(formatDuration(total_ms))}</p>
      <table class="trace">
        <thead>
          <tr>
            <th scope="col">{t.routeStep}</th>
            <th scope="col" class="number">
              {t.routeAt}
            </th>
            <th scope="col" class="number">
              {t.routeTook}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {steps.map(({ step, component, action, at, ms }, index) => (
            <tr key={index}>
              <th scope="row" title={action}>
                {step}
                {component !== step && <span class="quiet"> {component}</span>}
              </th>
              <td class="number">{formatDuration(at - ms - start)}</td>
              <td class="number">{formatDuration(ms)}</td>
              <td class="bar" aria-hidden="true">
                <span style={{ marginInlineStart: percent(at - ms - start), width: percent(ms) }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
