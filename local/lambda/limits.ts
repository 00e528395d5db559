/** Lambda's quotas, in bytes. */
export const payloadLimits = { request: 6_291_456, response: 6_291_556, async: 1_048_576 };
