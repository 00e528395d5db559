import { Connection, type Exchange, type Security } from './connection.ts';
import { KafkaError } from './kafka-error.ts';
import { findCoordinator } from './requests/group-offsets.ts';
import { type BrokerAddress, type ClusterMetadata, metadata } from './requests/metadata.ts';

/**
 * The brokers of one cluster behind a bootstrap list: one connection per broker, opened when first needed and anew
 * after it broke. Nothing is retried here; after a KafkaError that is `retryable` the caller refreshes and tries again.
 */
export class Cluster {
  readonly #bootstrap: readonly { host: string; port: number }[];
  readonly #timeoutMs: number;
  readonly #security: Security | undefined;
  readonly #connections = new Map<string, Promise<Connection>>();
  #known: ClusterMetadata | undefined;
  #closed: boolean = false;

  /** `brokers`: `host:port,…` */
  constructor(brokers: string, options: { timeoutMs?: number; security?: Security | undefined } = {}) {
    this.#bootstrap = parseBrokers(brokers);
    this.#timeoutMs = options.timeoutMs ?? 5000;
    this.#security = options.security;
  }

  /** Asks the first broker that answers; remembers the answer for `toLeader` and `toController`. */
  async refresh(topics: readonly string[] | null, create = false): Promise<ClusterMetadata> {
    let failure: unknown;
    for (const { host, port } of [...(this.#known?.brokers ?? []), ...this.#bootstrap]) {
      try {
        this.#known = await (await this.#connect(host, port)).send(metadata(topics, create));
        return this.#known;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Ids of the brokers that lead partitions of a topic, with those partitions. */
  leaders(topic: string): ReadonlyMap<number, readonly number[]> {
    const byLeader = new Map<number, number[]>();
    const leaders = this.#known?.topics.find(({ name }) => name === topic)?.leaders ?? [];
    leaders.forEach((leader, partition) => {
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
    });
    return byLeader;
  }

  async toBroker<T>(id: number, exchange: Exchange<T>): Promise<T> {
    const broker = this.#known?.brokers.find((known) => known.id === id);
    if (!broker) throw new KafkaError('LEADER_NOT_AVAILABLE', `broker ${id} is not known`, { retryable: true });
    return (await this.#connect(broker.host, broker.port)).send(exchange);
  }

  /** The mock cluster names a controller that it does not have; its one broker is as good. */
  async toController<T>(exchange: Exchange<T>): Promise<T> {
    const { controllerId, brokers } = this.#known ?? (await this.refresh([]));
    const id = brokers.some((broker) => broker.id === controllerId) ? controllerId : (brokers[0]?.id ?? -1);
    return this.toBroker(id, exchange);
  }

  async coordinator(groupId: string): Promise<BrokerAddress> {
    return this.toController(findCoordinator(groupId));
  }

  async toAddress<T>({ host, port }: BrokerAddress, exchange: Exchange<T>): Promise<T> {
    return (await this.#connect(host, port)).send(exchange);
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.close(),
        () => undefined,
      );
    }
    this.#connections.clear();
  }

  async #connect(host: string, port: number): Promise<Connection> {
    if (this.#closed) throw new KafkaError('CONNECTION_FAILED', 'this client is closed', { retryable: false });
    const name = `${host}:${port}`;
    const present = this.#connections.get(name);
    if (present) {
      const open = await present;
      if (!open.closed) return open;
      if (this.#connections.get(name) !== present) return this.#connect(host, port);
    }
    const opening = Connection.open(host, port, this.#timeoutMs, this.#security);
    this.#connections.set(name, opening);
    opening.catch(() => {
      if (this.#connections.get(name) === opening) this.#connections.delete(name);
    });
    return opening;
  }
}

function parseBrokers(brokers: string): { host: string; port: number }[] {
  return brokers
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '')
    .map((address) => {
      const colon = address.lastIndexOf(':');
      const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
      const port = Number(address.slice(colon + 1));
      if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new KafkaError('INVALID_ADDRESS', `'${address}' is not a broker address like host:9092`, {
          retryable: false,
        });
      }
      return { host, port };
    });
}
