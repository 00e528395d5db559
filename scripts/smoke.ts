import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatClient } from '../test/support/chat-client.ts';
import { brokersAreInReach, redriveOne } from './smoke/dead-letter.ts';
import { type OwnAddresses, ownAddressKnocks } from './smoke/own-addresses.ts';

/**
 * Chats through a running stage as its users do, and prints a table of what held. `npm run smoke -- <url>` takes any address, the
 * offline runtime's too; `npm run smoke -- <stage>` (or nothing, for dev) takes what `npm run deploy` printed.
 */
const outputsFile = join(import.meta.dirname, '..', '.cache', 'outputs.json');
/** A cold start in a VPC, a cold model and a cold poller may all fall into the first turn. */
const firstAnswerMs = 120_000;

interface Target extends OwnAddresses {
  readonly url: string;
}

function target(argument = 'dev'): Target {
  if (/^https?:/.test(argument)) return { url: argument.replace(/\/$/, '') };
  const outputs = existsSync(outputsFile)
    ? (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>)
    : {};
  const { Url: url, HttpApiUrl: apiUrl, SocketApiUrl: socketUrl } = outputs[`Switchboard-${argument}-Service`] ?? {};
  if (url !== undefined) return { url, apiUrl, socketUrl };
  throw new Error(`no address of stage ${argument}: deploy it from here first, or give the address itself`);
}

interface Row {
  readonly what: string;
  readonly outcome: 'ok' | 'FAILED' | 'not tried';
  readonly ms: number;
  readonly note: string;
}
const rows: Row[] = [];

/** One line of the table; what is thrown is its note. */
async function step(what: string, check: () => Promise<string | undefined>): Promise<void> {
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  try {
    const note = (await check()) ?? '';
    rows.push({ what, outcome: 'ok', ms: ms(), note });
  } catch (error) {
    rows.push({
      what,
      outcome: 'FAILED',
      ms: ms(),
      note: error instanceof Error ? error.message.slice(0, 200) : String(error),
    });
  }
}

function must(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

async function smoke({ url, ...addresses }: Target): Promise<void> {
  const client = new ChatClient(url);
  const stranger = new ChatClient(url);
  await step('the page comes, with its security headers', async () => {
    const page = await fetch(url);
    must(page.status === 200, `status ${page.status}`);
    must(/script-src 'self'/.test(page.headers.get('content-security-policy') ?? ''), 'no content-security-policy');
    return undefined;
  });
  await step('health', async () => {
    const { status, body } = await client.call('GET', '/api/health');
    must(status === 200, `status ${status}: ${JSON.stringify(body)}`);
    return JSON.stringify(body);
  });
  const session = await client.createSession({ title: 'Smoke test' });
  const socket = await client.connect(session.session_id, []);
  await step('a question gets one answer', async () => {
    const end = await socket.ask('Say one word.', firstAnswerMs);
    must(end.type === 'assistant', `ended as ${end.type}: ${JSON.stringify(end)}`);
    return undefined;
  });
  await step('a second one, warm', async () => {
    const end = await socket.ask('And another one.', firstAnswerMs);
    must(end.type === 'assistant', `ended as ${end.type}`);
    return undefined;
  });
  await step('the same message sent twice counts once', async () => {
    const id = randomUUID();
    await socket.send('Once.', id);
    const again = await socket.send('Once.', id);
    must(again.status === 'duplicate', `status ${again.status}`);
    await socket.end(id, firstAnswerMs);
    const ends = (await client.transcript(session.session_id)).filter((row) => row.in_reply_to === id);
    must(ends.length === 1, `${ends.length} ends`);
    return undefined;
  });
  await step('a new socket catches up by resume, without holes', async () => {
    const other = await client.connect(session.session_id, []);
    const numbers = other.seen.map(({ seq }) => seq).toSorted((a, b) => a - b);
    must(numbers.every((seq, index) => seq === index + 1) && numbers.length >= 6, `seq ${numbers.join(' ')}`);
    await other.close();
    return `${numbers.length} events`;
  });
  await step('nobody else can see the session', async () => {
    await stranger.createSession();
    const { status } = await stranger.call('GET', `/api/sessions/${session.session_id}`);
    const handshake = await stranger.refusal(`/ws/${session.session_id}`);
    must(status === 404 && handshake !== undefined, `HTTP ${status}, handshake ${handshake ?? 'accepted'}`);
    return undefined;
  });
  await step('a page of another origin cannot open a socket', async () => {
    const status = await client.refusal(`/ws/${session.session_id}`, { origin: 'https://evil.example' });
    must(status !== undefined, 'accepted');
    return `status ${status}`;
  });
  for (const [what, check] of ownAddressKnocks(addresses, session.session_id, client.token)) await step(what, check);
  const deadLetter = 'a dead letter is sent again, and answered';
  if (brokersAreInReach(url)) await step(deadLetter, () => redriveOne(socket, session.session_id, firstAnswerMs));
  else {
    const note = 'set KAFKA_BROKERS, and KAFKA_AUTH=iam on AWS, where the brokers can be reached';
    rows.push({ what: deadLetter, outcome: 'not tried', ms: 0, note });
  }
  await step('what is deleted is gone', async () => {
    const { status } = await client.call('DELETE', `/api/sessions/${session.session_id}`);
    const after = await client.call('GET', `/api/sessions/${session.session_id}`);
    must(status === 204 && after.status === 404, `DELETE ${status}, then GET ${after.status}`);
    return undefined;
  });
  socket.drop();
}

try {
  const chosen = target(process.argv[2]);
  console.log(`Smoke test of ${chosen.url}`);
  await smoke(chosen);
} catch (error) {
  rows.push({
    what: 'the test itself',
    outcome: 'FAILED',
    ms: 0,
    note: error instanceof Error ? error.message : String(error),
  });
}
for (const { what, outcome, ms, note } of rows)
  console.log(`${outcome.padEnd(10)}${what.padEnd(52)} ${String(ms).padStart(6)} ms  ${note}`);
process.exitCode = rows.some(({ outcome }) => outcome === 'FAILED') ? 1 : 0;
