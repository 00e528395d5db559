import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FixtureApp, type FixtureFolders, writeFixture } from '../../support/local-assembly.ts';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const answering = (text: string): string => `
  let calls = 0;
  export const handler = async ({ ms = 0 }) => { await new Promise((r) => setTimeout(r, ms)); return '${text} ' + ++calls; };`;

function release(text: string, more: Partial<FixtureApp> = {}): FixtureApp {
  return {
    functions: { changing: { code: answering(text), properties: { Timeout: 20 } }, same: { code: answering('same') } },
    http: { 'GET /api/hello': 'same' },
    webSocket: { $connect: 'same' },
    site: { 'index.html': `<p>${text}</p>` },
    ...more,
  };
}

describe('a deployment into a running runtime', () => {
  let fixture: RunningFixture;
  const assemblies: FixtureFolders[] = [];
  const assembly = (app: FixtureApp): string => {
    const folders = writeFixture(app);
    assemblies.push(folders);
    return folders.assemblyDir;
  };
  const call = async (name: string, ms = 0) => (await fixture.runtime.invoke(name, { ms })).payload;

  beforeEach(async () => {
    fixture = await runFixture(release('first'));
  });
  afterEach(async () => {
    await fixture.stop();
    for (const { remove } of assemblies.splice(0)) remove();
  });

  it('lets what is under way end in the old code, and runs the new one from then on', async () => {
    expect(await call('changing')).toBe('first 1');
    const underWay = call('changing', 500);
    fixture.runtime.deploy(assembly(release('second')));
    expect(await call('changing')).toBe('second 1');
    expect(await underWay).toBe('first 2');
    expect(await call('changing')).toBe('second 2');
  });

  it('never runs code that was being loaded when it was replaced', async () => {
    const slow = `await new Promise((r) => setTimeout(r, 300)); ${answering('slow')}`;
    fixture.runtime.deploy(
      assembly(release('first', { functions: { changing: { code: slow }, same: { code: answering('same') } } })),
    );
    const waiting = call('changing');
    fixture.runtime.deploy(assembly(release('second')));
    expect(await waiting).toBe('second 1');
  });

  it('shows the new page', async () => {
    const page = async () => (await fetch(fixture.runtime.url)).text();
    expect(await page()).toContain('first');
    fixture.runtime.deploy(assembly(release('second')));
    expect(await page()).toContain('second');
  });

  it('takes new functions, and says what takes a restart until there was one', () => {
    const functions = { ...release('first').functions, third: { code: answering('third') } };
    const http = { 'GET /api/hello': 'same', 'GET /api/third': 'third' };
    const { deploy } = fixture.runtime;
    expect(deploy(assembly(release('first', { functions })))).toMatchObject({ functions: ['third'], restart: [] });
    expect(deploy(assembly(release('first', { functions, http }))).restart).toEqual(['httpApis']);
    expect(deploy(assembly(release('first', { functions, http })))).toMatchObject({
      functions: [],
      restart: ['httpApis'],
    });
  });
});
