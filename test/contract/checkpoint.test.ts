import { randomUUID } from 'node:crypto';
import { validate } from '@langchain/langgraph-checkpoint-validation';
import { createTestTable, type TestTable } from '../support/dynamodb.ts';
import { StoredSaver } from '../support/stored-saver.ts';

let store: TestTable;

// LangGraph's own suite for checkpoint savers. By this name it leaves out one test, of storing only the channels that
// changed: ours is its MemorySaver with threads that can be taken out, and keeps one small checkpoint per run, whole.
validate({
  checkpointerName: 'MemorySaver',
  async beforeAll() {
    store = await createTestTable();
  },
  async afterAll() {
    await store.stop();
  },
  createCheckpointer: () => new StoredSaver(store.table, randomUUID()),
  destroyCheckpointer: async (saver) => saver.clear(),
});
