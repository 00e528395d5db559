import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dynamoDbLocalVersion } from '../real-parts/dynamodb-local.ts';
import { freePort } from '../real-parts/free-port.ts';
import { mavenClassPath } from '../real-parts/maven.ts';
import { startServer } from '../real-parts/server-process.ts';
import { installPythonTool } from './python-tool.ts';

export const localstackVersion = '4.14.0';

/** LocalStack's DynamoDB and S3 on a loopback port, without Docker, with nothing in them. */
export interface Localstack {
  readonly endpoint: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Later versions of these break 4.14 when it is installed by pip; the misleading message is "No component plugins found". */
const pins = ['cbor2<6', 'pyopenssl<26', 'cryptography<47', 'service-identity<25'];

/** @throws {MissingPartError} without Python 3.13 or Java 17, or the first time without package indexes */
export async function startLocalstack(folder: string, realPartsDir: string): Promise<Localstack> {
  const bin = await installPythonTool(folder, {
    pythons: ['3.13'],
    packages: [`localstack-core[runtime]==${localstackVersion}`, ...pins],
  });
  const fileSystem = join(folder, 'root');
  const home = join(fileSystem, 'var', 'lib', 'localstack', 'lib');
  rmSync(join(fileSystem, 'var'), { recursive: true, force: true });
  await provideDynamoDb(home, realPartsDir, join(bin, 'python'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'localstack.log');
  const { HOME = '', PATH = '' } = process.env;
  const server = await startServer({
    name: `LocalStack ${localstackVersion}`,
    command: join(bin, 'python'),
    args: ['-m', 'localstack.runtime.main'],
    cwd: folder,
    env: {
      HOME,
      PATH,
      OVERRIDE_IN_DOCKER: '0',
      FILESYSTEM_ROOT: fileSystem,
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      // As in docker-compose.localstack.yml.
      SERVICES: 'dynamodb,s3',
      EAGER_SERVICE_LOADING: '1',
      DYNAMODB_SHARE_DB: '1',
      DISABLE_EVENTS: '1',
    },
    logFile,
    probe: async () => {
      const { services } = (await (await fetch(`${endpoint}/_localstack/health`)).json()) as {
        services: Readonly<Record<string, string>>;
      };
      for (const name of ['dynamodb', 's3'])
        if (services[name] !== 'running') throw new Error(`${name} is ${services[name]}`);
    },
  });
  return { endpoint, logFile, stop: server.stop };
}

/** A class with an empty `premain(String)`, in the class file format of Java 8. */
const emptyAgent =
  'yv66vgAAADQADAoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWBwAIAQABQQEABENvZGUBAAdwcmVtYWluAQAVKExqYXZhL2xhbmcvU3RyaW5nOylWACAABwACAAAAAAACAAAABQAGAAEACQAAABEAAQABAAAABSq3AAGxAAAAAAAJAAoACwABAAkAAAANAAAAAQAAAAGxAAAAAAAA';

/**
 * LocalStack would download Java 21, DynamoDB Local 2 and an agent that changes the latter. It takes what is at their
 * places: this machine's Java, AWS's DynamoDB Local from Maven behind a jar that only names its parts, and an agent that
 * does nothing.
 */
async function provideDynamoDb(home: string, realPartsDir: string, python: string): Promise<void> {
  const classPath = await mavenClassPath(realPartsDir, `dynamodb-local-${dynamoDbLocalVersion}`, [
    `com.amazonaws:DynamoDBLocal:${dynamoDbLocalVersion}`,
  ]);
  const libs = dirname(classPath);
  const place = join(home, 'dynamodb-local', '2');
  mkdirSync(place, { recursive: true });
  mkdirSync(join(home, 'java'), { recursive: true });
  if (!existsSync(join(home, 'java', '21'))) symlinkSync(javaHome(), join(home, 'java', '21'));
  cpSync(libs, join(place, 'DynamoDBLocal_lib'), { recursive: true });
  const jars = readdirSync(libs).filter((name) => name.endsWith('.jar'));
  writeJar(python, join(place, 'DynamoDBLocal.jar'), {
    'Main-Class': 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner',
    'Class-Path': jars.map((name) => `DynamoDBLocal_lib/${name}`).join(' '),
  });
  writeJar(python, join(place, 'ddb-local-loader-0.1.jar'), { 'Premain-Class': 'A' }, { 'A.class': emptyAgent });
}

function javaHome(): string {
  const printed = execFileSync('sh', ['-c', 'java -XshowSettings:properties -version 2>&1'], { encoding: 'utf8' });
  const home = /java\.home = (.+)/.exec(printed)?.[1];
  if (home === undefined) throw new Error('java does not say where it lives');
  return home.trim();
}

/** Lines of a manifest have 72 bytes at most; the rest goes on after a space. */
function manifest(entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ 'Manifest-Version': '1.0', ...entries }).map(([name, value]) => `${name}: ${value}`);
  return `${lines.map((line) => line.match(/^.{1,70}|.{1,69}/g)?.join('\n ') ?? '').join('\n')}\n`;
}

/** A jar is a zip, and the Python that is there anyway can write one. `files`: content in base64. */
function writeJar(
  python: string,
  jar: string,
  entries: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): void {
  const script = `
import base64, json, sys, zipfile
files = json.load(sys.stdin)
with zipfile.ZipFile(sys.argv[1], 'w') as jar:
    for name, content in files.items(): jar.writestr(name, base64.b64decode(content))`;
  const content = { 'META-INF/MANIFEST.MF': Buffer.from(manifest(entries)).toString('base64'), ...files };
  execFileSync(python, ['-c', script, jar], { input: JSON.stringify(content) });
}
