import { MemorySaver } from '@langchain/langgraph-checkpoint';
import { pack, unpack } from './packed.ts';

/**
 * LangGraph's in-memory saver with one thread that can be taken out and put back as a string, so that the checkpoint
 * of a suspended run lives inside the run's own item and is stored by the same conditional update that claims it.
 */
export class ThreadSaver extends MemorySaver {
  /** Everything that is kept of a thread, packed; 270 bytes for a run that waits for its first call. */
  dump(threadId: string): string {
    const writes = Object.entries(this.writes).filter(([key]) => (JSON.parse(key) as string[])[0] === threadId);
    const thread = { storage: this.storage[threadId] ?? {}, writes: Object.fromEntries(writes) };
    return pack(JSON.stringify(thread, bytesToText));
  }

  /** Puts back what `dump` gave. */
  load(threadId: string, dump: string): void {
    const { storage, writes } = JSON.parse(unpack(dump), textToBytes) as Pick<ThreadSaver, 'writes'> & {
      storage: ThreadSaver['storage'][string];
    };
    this.storage[threadId] = storage;
    Object.assign(this.writes, writes);
  }
}

/** Serialized values are JSON in UTF-8: kept as text under one key, they stay readable once unpacked. */
function bytesToText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { utf8: Buffer.from(value).toString('utf8') } : value;
}

function textToBytes(_key: string, value: unknown): unknown {
  // A first checkpoint has no parent: JSON keeps the place in the tuple as null, LangGraph looks for undefined.
  if (value === null) return undefined;
  const text = (value as { utf8?: unknown }).utf8;
  return typeof text === 'string' ? new Uint8Array(Buffer.from(text)) : value;
}
