import * as price from './prices.ts';
import { memoryMb, type Template } from './template.ts';
import type { CostItem } from './turn.ts';

/** Somebody opens the page, with its files in the browser's cache, finds the list and the chat, and talks for some turns. */
export interface VisitProfile {
  readonly turns: number;
  /** Requests that CloudFront answers, those to the API included, and bytes. */
  readonly edgeRequests: number;
  readonly edgeBytes: number;
  readonly apiCalls: number;
  /** Billed milliseconds of http-api for one of them. */
  readonly msEach: number;
  readonly readUnits: number;
  readonly logBytes: number;
  readonly accessLogBytes: number;
}

/** US dollars for the visits of a million turns. */
export function visitItems(templates: readonly Template[], visit: VisitProfile): CostItem[] {
  const visits = 1_000_000 / visit.turns;
  const gbSeconds = ((memoryMb(templates).get('http-api') ?? 0) / 1024) * (visit.msEach / 1000) * visit.apiCalls;
  return [
    {
      what: `visits: CloudFront, ${visit.edgeRequests} requests`,
      perMillion:
        visits * (visit.edgeRequests * price.cloudFront.request + (visit.edgeBytes * price.cloudFront.gb) / 1e9),
    },
    {
      what: `visits: HTTP API, ${visit.apiCalls} calls`,
      perMillion:
        visits * (visit.apiCalls * (price.api.httpRequest + price.lambda.request) + gbSeconds * price.lambda.gbSecond),
    },
    {
      what: `visits: DynamoDB reads, ${visit.readUnits} units`,
      perMillion: visits * visit.readUnits * price.dynamoDb.read,
    },
    {
      what: `visits: function logs, ${visit.logBytes} bytes`,
      perMillion: (visits * visit.logBytes * price.cloudWatch.logsGb) / 1e9,
    },
    {
      what: `visits: access logs, ${visit.accessLogBytes} bytes`,
      perMillion: (visits * visit.accessLogBytes * price.infrequentLogsGb) / 1e9,
    },
  ];
}
