import { useEffect, useState } from 'preact/hooks';
import type { Exchange } from '../state/thread.ts';
import { t } from '../strings.ts';
import { Switcher } from './switcher.tsx';
import { useNow } from './use-now.ts';

/** Milliseconds without a word after which the page says how long it has been. */
const long = 8_000;

/** What is going on, in a line; how long it has been, once that is long. */
export function Progress({ exchange, linked }: { readonly exchange: Exchange; readonly linked: boolean }) {
  const { live, status, stopping } = exchange;
  const progress = `${live?.attempt ?? 0} ${live?.text.length ?? 0} ${status?.state ?? ''}`;
  const [since, setSince] = useState(Date.now());
  useEffect(() => setSince(Date.now()), [progress]);
  const waited = useNow(true) - since;
  const words = stateWords(exchange, linked);
  const writing = (live?.text ?? '') !== '' && !stopping && linked && status?.state !== 'retrying';
  if (writing && waited < long) return null;
  return (
    <p class="run-state">
      <span class="pulse" aria-hidden="true" />
      <span>{waited >= long && linked && !stopping ? t.state.long(Math.round(waited / 1000)) : words}</span>
      {status?.reason !== undefined && <span class="quiet">{status.reason}</span>}
    </p>
  );
}

function stateWords({ status, stopping }: Exchange, linked: boolean): string {
  if (stopping || status?.state === 'cancelling') return t.stopping;
  if (!linked) return t.state.stalled;
  switch (status?.state) {
    case 'queued':
      return status.position ? t.state.queuedAt(status.position) : t.state.queued;
    case 'retrying':
      return t.state.retrying;
    case 'tool':
      return t.state.tool(status.tool ?? '');
    case 'agent':
      return status.agent === undefined ? t.state.thinking : t.state.agent(status.agent);
    default:
      return t.state.thinking;
  }
}

/** Earlier answers of a question that is being answered again. */
export function EarlierAnswers({
  exchange,
  go,
}: {
  readonly exchange: Exchange;
  readonly go: (index: number) => void;
}) {
  const count = exchange.turn?.ends.length ?? 0;
  if (count === 0) return null;
  return (
    <div class="actions">
      <Switcher index={count} count={count + 1} earlier={t.earlierAnswer} later={t.laterAnswer} go={go} />
    </div>
  );
}
