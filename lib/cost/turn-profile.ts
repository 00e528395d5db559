import type { TurnProfile } from './turn.ts';
import type { VisitProfile } from './visit.ts';

/** Of a socket that serves five turns, what one of them bears. */
const handshakes = 0.2;
/** Looks of the conversation function at its session and sockets, every 600 ms of 4 s. */
const looks = 6;

/**
 * One turn of a session in use, on one tab, with an answer of 1,000 characters that the model takes 4 s for, after twenty
 * exchanges like it. Calls, messages, request units and log lines are those of a turn in the offline runtime
 * (`test/e2e/turn-cost.test.ts` counts them); the functions' times are estimates for warm ones, to be replaced by those of a
 * deployed stage.
 */
export const typicalTurn: TurnProfile = {
  connectedMinutes: 5,
  handshakes,
  // The five frames, and a fifth of a handshake.
  edgeBytes: 2600,
  // Two asynchronous calls with their answers.
  endpointBytes: 6000,
  // In: the question. Out: `accepted` on the route, `user` for every tab, `status`, `assistant`. A fifth of `resume` and its answer.
  socketMessages: 5 + 2 * handshakes,
  // One at once, then every 100 ms of 4 s.
  deltas: 40,
  calls: {
    'ws-connect': { calls: handshakes, msEach: 40 },
    'ws-disconnect': { calls: handshakes, msEach: 20 },
    'ws-resume': { calls: handshakes, msEach: 40 },
    'ws-message': { calls: 1, msEach: 40 },
    // The question's record, then the conversation's result.
    supervisor: { calls: 2, msEach: 40 },
    conversation: { calls: 1, msEach: 4060 },
    // `user` to the tabs, then the answer's record.
    responder: { calls: 2, msEach: 45 },
  },
  // Items 12: accepted 1, marker 1, question 1; the run claimed, begun, resumed, released and settled 4; memory 2; answer 2; trace 1.
  // Indexes 4: activity moves in `owner` 2, `open` is entered and left 2. Connections: two items made and removed.
  writeUnits: 12 + 4 + 4 * handshakes,
  // Sessions 2, log 1, sockets 3, memory 7 (24 KB); each look half for the session and half for its sockets; the first also
  // asks the log, which answers nothing for 1. A handshake: session, connection twice, log.
  readUnits: 13 + looks + 1 + 4 * handshakes,
  // Eleven lines of ours with their ids (365 bytes each), three of the platform for each of 6.6 calls (110).
  logBytes: 4000 + 2180,
  // One of the socket API for each of 1.6 events (300).
  accessLogBytes: 480,
};

/**
 * A visit of five turns, as a browser makes it: the page itself, the list, the chat's messages and what the model is; every
 * second one begins a new chat. Nothing more while it lasts: a socket in use needs no pings.
 */
export const typicalVisit: VisitProfile = {
  turns: 1 / handshakes,
  edgeRequests: 4.5,
  // The page, a list of twenty chats and the last messages, compressed.
  edgeBytes: 12_000,
  apiCalls: 3.5,
  msEach: 25,
  // The list: an index page 1 and twenty sessions at half a unit each; the chat's owner 1, its last 40 events 8 and their end 1.
  readUnits: 21,
  // Three lines of the platform for each call, and one of the API.
  logBytes: 3.5 * 330,
  accessLogBytes: 3.5 * 300,
};

/** Question 0.5 KB, marker 0.3, answer 1.4, exchange 1.6, trace 0.8 (for a week), and DynamoDB's 100 bytes for each of them. */
export const bytesKept = 5_000;
