import { ChatClient } from '../../test/support/chat-client.ts';

/** Where the two APIs answer past the distribution, as a deployment names them; unknown for the offline runtime, which has none. */
export interface OwnAddresses {
  readonly apiUrl?: string | undefined;
  readonly socketUrl?: string | undefined;
}

/** A line of the table: throws with what did not hold. */
export type Knock = readonly [what: string, check: () => Promise<string | undefined>];

/**
 * Asks each function that stands directly behind an API, as the session's owner would through CloudFront, but for the header that
 * only CloudFront knows: 403, whoever asks.
 */
export function ownAddressKnocks(addresses: OwnAddresses, sessionId: string, token: string | undefined): Knock[] {
  const { apiUrl, socketUrl } = addresses;
  const messages = `/api/sessions/${sessionId}/messages`;
  const http = (url: string, method: string, path: string, body?: unknown) => async () =>
    forbidden((await new ChatClient(url, token).call(method, path, body)).status);
  return [
    ...(apiUrl === undefined
      ? []
      : ([
          ['the API’s own address does not answer', http(apiUrl, 'GET', '/api/sessions')],
          ['nor does it take a message', http(apiUrl, 'POST', messages, { message: 'Past the distribution.' })],
        ] as const)),
    ...(socketUrl === undefined
      ? []
      : ([['the socket API’s own address does not answer', () => handshake(socketUrl, sessionId, token)]] as const)),
  ];
}

/** At the stage itself: only CloudFront's edge function knows of `/ws/{id}`. */
async function handshake(socketUrl: string, sessionId: string, token: string | undefined): Promise<undefined> {
  const { origin, pathname } = new URL(socketUrl.replace(/^ws/, 'http'));
  const path = `${pathname.replace(/\/$/, '')}?session_id=${sessionId}`;
  return forbidden(await new ChatClient(origin, token).refusal(path));
}

function forbidden(status: number | undefined): undefined {
  if (status !== 403) throw new Error(status === undefined ? 'accepted' : `status ${status}`);
  return undefined;
}
