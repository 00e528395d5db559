import type { RunnableConfig } from '@langchain/core/runnables';
import type {
  Checkpoint,
  CheckpointListOptions,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { Table } from '../../lambdas/shared/adapters/dynamodb/table.ts';
import { ThreadSaver } from '../../lambdas/supervisor/checkpoint/thread-saver.ts';

/**
 * The saver of suspended runs with each thread taken out of a table before an operation, and put back after it: what
 * is true of it is true of a checkpoint that lives in a run's item.
 */
export class StoredSaver extends ThreadSaver {
  readonly #table: Table;
  readonly #partition: string;

  constructor(table: Table, partition: string) {
    super();
    this.#table = table;
    this.#partition = partition;
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    await this.#takeOut();
    return super.getTuple(config);
  }

  override async *list(config: RunnableConfig, options?: CheckpointListOptions): AsyncGenerator<CheckpointTuple> {
    await this.#takeOut();
    yield* super.list(config, options);
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    await this.#takeOut();
    const stored = await super.put(config, checkpoint, metadata);
    await this.#putBack(config);
    return stored;
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    path?: string,
  ): Promise<void> {
    await this.#takeOut();
    await super.putWrites(config, writes, taskId, path);
    await this.#putBack(config);
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#takeOut();
    await super.deleteThread(threadId);
    await this.#table.delete({ pk: this.#partition, sk: threadId });
  }

  async clear(): Promise<void> {
    await this.#table.clear({ pk: this.#partition });
  }

  /** Forgets everything, so that only what the table gives can be found. */
  async #takeOut(): Promise<void> {
    for (const key of Object.keys(this.storage)) delete this.storage[key];
    for (const key of Object.keys(this.writes)) delete this.writes[key];
    for (const { sk, dump } of await this.#table.query({ pk: this.#partition })) this.load(String(sk), String(dump));
  }

  async #putBack(config: RunnableConfig): Promise<void> {
    const thread = String(config.configurable?.thread_id);
    await this.#table.put({ pk: this.#partition, sk: thread, dump: this.dump(thread) });
  }
}
