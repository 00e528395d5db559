/** One run of `cdk destroy`: its exit code, and all it said. */
export interface Run {
  readonly status: number;
  readonly output: string;
}

export interface Tools {
  readonly destroy: () => Promise<Run>;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly say: (line: string) => void;
}

/** Lambda takes up to 20 minutes; five tries cover 24. */
const attempts = 5;
const pauseMinutes = 6;

/** What EC2 says of a subnet or group that somebody's network interface is still in. */
const heldUp = /has dependencies|dependent object|DependencyViolation|currently in use/i;

/**
 * Destroys a stage, and tries again for as long as only Lambda's network interfaces are in the way: they are given back up to 20
 * minutes after their functions are gone, and subnets and security groups can be deleted only then. Gives the exit code.
 */
export async function destroyPatiently({ destroy, wait, say }: Tools): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const { status, output } = await destroy();
    if (status === 0 || !heldUp.test(output)) return status;
    if (attempt === attempts) {
      say('Lambda still holds network interfaces in the VPC. Run this again in some minutes: what is gone is gone.');
      return status;
    }
    say(
      `Lambda still holds network interfaces in the VPC, for up to 20 minutes; trying again in ${pauseMinutes} (${attempt} of ${attempts}).`,
    );
    await wait(pauseMinutes * 60_000);
  }
}
