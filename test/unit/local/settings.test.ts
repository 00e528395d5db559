import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../../local/settings.ts';

const root = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('settings', () => {
  it('have defaults', () => {
    expect(readSettings({}, root)).toEqual({ port: 8000, dataDir: join(root, '.switchboard'), environment: {} });
  });

  it('come from the environment, then from .env; an empty variable takes back what .env says', () => {
    writeFileSync(join(root, '.env'), 'PORT=9000\nOPENAI_API_KEY="from file"\nOPENAI_BASE_URL=http://file.test\n');
    const settings = readSettings(
      { PORT: '9001', OPENAI_BASE_URL: '', DATA_DIR: '/data', KAFKA_BROKERS: 'a:1, b:2' },
      root,
    );
    expect(settings).toMatchObject({
      port: 9001,
      openAiApiKey: 'from file',
      dataDir: '/data',
      kafkaBrokers: 'a:1,b:2',
    });
    expect(settings).not.toHaveProperty('openAiBaseUrl');
    rmSync(join(root, '.env'));
  });

  it.each([
    ['PORT', 'eight'],
    ['PORT', '70000'],
    ['KAFKA_BROKERS', 'localhost'],
    ['KAFKA_BROKERS', 'http://localhost:9092'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'localhost:8000'],
    ['OPENAI_BASE_URL', 'not an address'],
    ['AUTH', 'maybe'],
  ])('that cannot be right (%s=%s) are named', (name, value) => {
    expect(() => readSettings({ [name]: value }, root)).toThrow(
      expect.objectContaining({ setting: name, message: expect.stringContaining(`${name}=${value}`) }),
    );
  });
});
