import type { TurnProfile } from './turn.ts';

/**
 * One turn of a session in use, on one tab, with an answer of about 1 KB that the model takes 4 s for. Calls, log lines and
 * request units are counted in the code and in the offline runtime's output; the functions' times are estimates for warm
 * ones, to be replaced by those of a deployed stage.
 */
export const typicalTurn: TurnProfile = {
  connectedMinutes: 5,
  handshakes: 0.2,
  // The four frames, and a fifth of a handshake.
  edgeBytes: 2500,
  // Three asynchronous calls with their answers.
  endpointBytes: 8000,
  // In: the question. Out: `accepted` on the route, `user` for every tab, `assistant`.
  socketMessages: 4,
  // One at once, then every 100 ms of 4 s.
  deltas: 40,
  calls: {
    'ws-connect': { calls: 0.2, msEach: 40 },
    'ws-disconnect': { calls: 0.2, msEach: 20 },
    'ws-message': { calls: 1, msEach: 40 },
    // The question's record, then the conversation's result.
    supervisor: { calls: 2, msEach: 40 },
    conversation: { calls: 1, msEach: 4060 },
    // `user` to the tabs, then the answer's record.
    responder: { calls: 2, msEach: 45 },
  },
  // Acceptance 6 (the session's item with both indexes 4, marker 1, question 1); the run, which carries a checkpoint of 1.1 KB, so
  // that its item is 2 units: claimed 2, begun 2, resumed 2, released 2; memory 2; answer 2; settled 2; a fifth of the four
  // of a connection.
  writeUnits: 20.8,
  // Session 2, log 2, sockets 2, and 20 exchanges of memory (24 KB) 6.
  readUnits: 12,
  // Ten lines of ours with their ids (330 bytes each), three of the platform for each of six calls (110), one of the API.
  logBytes: 5600,
};
