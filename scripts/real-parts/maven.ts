import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingPartError } from './missing-part.ts';

/** A Maven coordinate, `group:artifact:version`. */
export type Coordinate = `${string}:${string}:${string}`;

const oldestJava = 17;

/**
 * Java class path of the artifacts and all they depend on at run time, downloaded once into `cacheDir/<name>` and taken
 * from there, without a network, ever after.
 * @throws {MissingPartError} without Java 17 or, the first time, without Maven or its repository
 */
export async function mavenClassPath(
  cacheDir: string,
  name: string,
  artifacts: readonly Coordinate[],
): Promise<string> {
  requireJava();
  const folder = join(cacheDir, name);
  const libs = join(folder, 'libs');
  if (!existsSync(libs)) await download(folder, libs, artifacts);
  return join(libs, '*');
}

async function download(folder: string, libs: string, artifacts: readonly Coordinate[]): Promise<void> {
  requireMaven();
  console.log(`Downloading ${artifacts.join(' and ')} with Maven, once`);
  await mkdir(folder, { recursive: true });
  const pom = join(folder, 'pom.xml');
  await writeFile(pom, pomOf(artifacts));
  // Renamed when complete: an interrupted download is never taken for a whole one.
  const partial = `${libs}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`];
  const output = await run('mvn', ['--batch-mode', '--quiet', '--file', pom, ...goal]);
  if (output !== undefined) {
    await rm(partial, { recursive: true, force: true });
    throw new MissingPartError(`Maven could not download ${artifacts.join(' and ')}:\n${output}`);
  }
  if (existsSync(libs)) await rm(partial, { recursive: true });
  else await rename(partial, libs);
}

function pomOf(artifacts: readonly Coordinate[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>switchboard</groupId><artifactId>real-parts</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}

/** The tail of what the command printed when it failed, undefined when it did not. */
function run(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? undefined : output));
  });
}

function requireJava(): void {
  const version = firstLine('java', ['--version']);
  const major = Number(/^\S+ (\d+)/.exec(version ?? '')?.[1]);
  if (major >= oldestJava) return;
  const found = version === undefined ? 'there is no java on the PATH' : `java is ${version}`;
  throw new MissingPartError(`Java ${oldestJava} or newer is needed: ${found}`);
}

function requireMaven(): void {
  if (firstLine('mvn', ['--version']) === undefined) throw new MissingPartError('Maven is needed: no mvn on the PATH');
}

function firstLine(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0];
  } catch {
    return undefined;
  }
}
