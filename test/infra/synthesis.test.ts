import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { synthesize } from '../../lib/synthesize.ts';
import { fixtureDist, templatesOf } from './support.ts';

function repository(built: boolean): string {
  const root = mkdtempSync(join(tmpdir(), 'switchboard-root-'));
  cpSync(new URL('../../cdk.json', import.meta.url), join(root, 'cdk.json'));
  if (built) cpSync(fixtureDist(), join(root, 'dist'), { recursive: true });
  return root;
}

const outdir = () => mkdtempSync(join(tmpdir(), 'switchboard-out-'));

describe('synthesis', () => {
  test('without the CDK CLI gives the templates that the CLI gives: the flags of cdk.json count', async () => {
    const { templates, settings } = await synthesize({ root: repository(true), outdir: outdir() });
    expect(settings.stage).toBe('dev');
    expect(templates).toContainEqual(templatesOf({ stage: 'dev' }).data.toJSON());
  });

  test('makes three stacks, by life span, that name no account and no Region', async () => {
    const folder = outdir();
    await synthesize({ root: repository(true), outdir: folder, environment: { STAGE: 'prod' } });
    const stacks = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
    expect(stacks.map((file) => file.split('.')[0])).toEqual([
      'Switchboard-prod-Data',
      'Switchboard-prod-Network',
      'Switchboard-prod-Service',
    ]);
    const { templates } = await synthesize({ root: repository(true), outdir: outdir() });
    expect(JSON.stringify(templates)).not.toMatch(/\b\d{12}\b(?!-)|us-east-1/);
  });

  test('says what to run when nothing is built', async () => {
    const unbuilt = synthesize({ root: repository(false), outdir: outdir() });
    await expect(unbuilt).rejects.toThrow(/built files are missing: run "npm run build" first/);
  });
});
