/** Every function of ours, by the name of its folder under `lambdas/` and of its bundle under `dist/lambdas/`. */
export const functionNames = [
  'ws-connect',
  'ws-disconnect',
  'ws-message',
  'ws-resume',
  'http-api',
  'http-message',
  'supervisor',
  'conversation',
  'responder',
  'dead-letter',
  'sweep',
] as const;

export type FunctionName = (typeof functionNames)[number];

/**
 * Deterministic, because the functions call each other in a ring (supervisor, conversation, supervisor; responder,
 * supervisor, responder): names that CloudFormation generates would make the resources depend on each other in a ring too.
 */
export const physicalName = (stage: string, name: FunctionName): string => `switchboard-${stage}-${name}`;
