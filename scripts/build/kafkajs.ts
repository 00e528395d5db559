import { patch } from './patch.ts';

/**
 * kafkajs 2.2.4 re-arms a 1 ms timer for as long as a connection is open: 60-70 ms of CPU a second per idle broker
 * connection, and Node 24's TimeoutNegativeWarning. With nothing pending and no throttle there is nothing to check.
 */
const idleTimer = patch({
  name: 'kafkajs-idle-timer',
  file: /kafkajs[/\\]src[/\\]network[/\\]requestQueue[/\\]index\.js$/,
  change(source, fail) {
    const target = 'let scheduleAt = this.throttledUntil - Date.now()';
    if (!source.includes(target)) fail(`\`${target}\``);
    return source.replace(target, `${target}\n    if (scheduleAt <= 0 && this.pending.length === 0) return`);
  },
});

/** Leaves out what is required under a name, and says so when it is used after all. */
function without(source: string, module: string, fail: (what: string) => never): string {
  const target = `require('${module}')`;
  if (!source.includes(target)) fail(`\`${target}\``);
  return source.replace(target, `(() => { throw new Error('${module} is not in this bundle') })`);
}

/** Functions only produce: consumers and the admin client are 90 KiB. Event sources consume. */
const producerOnly = patch({
  name: 'kafkajs-producer-only',
  file: /kafkajs[/\\]src[/\\]index\.js$/,
  change: (source, fail) => without(without(source, './consumer', fail), './admin', fail),
});

/** Requests of a producer without transactions. */
const kept = new Set(['produce', 'metadata', 'apiVersions', 'saslHandshake', 'saslAuthenticate']);

/** The other 25 kinds of requests, each in up to 12 versions, are 60 KiB. */
const producerRequests = patch({
  name: 'kafkajs-producer-requests',
  file: /kafkajs[/\\]src[/\\]protocol[/\\]requests[/\\]index\.js$/,
  change(source, fail) {
    for (const name of kept) if (!source.includes(`require('./${name}')`)) fail(`requests of the kind ${name}`);
    return source.replaceAll(/: require\('\.\/(\w+)'\)/g, (found, name: string) =>
      kept.has(name) ? found : ': noImplementedRequestDefinitions',
    );
  },
});

/** MSK's IAM authentication is OAUTHBEARER; the other mechanisms are 10 KiB. */
const oauthBearerOnly = patch({
  name: 'kafkajs-oauthbearer-only',
  file: /kafkajs[/\\]src[/\\]broker[/\\]saslAuthenticator[/\\]index\.js$/,
  change: (source, fail) =>
    ['./plain', './scram256', './scram512', './awsIam'].reduce((text, module) => without(text, module, fail), source),
});

export const kafkajsPlugins = [idleTimer, producerOnly, producerRequests, oauthBearerOnly];
