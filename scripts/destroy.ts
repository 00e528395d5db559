import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * `cdk destroy --all`, with patience. Lambda gives back the network interfaces of functions in a VPC up to 20 minutes after
 * the functions are gone, and until then their subnets and security group cannot be deleted: the network stack fails, and
 * succeeds some minutes later. Arguments are passed on: `npm run destroy -- -c stage=dev`.
 */
const attempts = 5;
const pauseMinutes = 6;

const given = process.argv.slice(2);
const destroy = (extra: readonly string[]): number =>
  spawnSync('cdk', ['destroy', '--all', ...given, ...extra], { stdio: 'inherit' }).status ?? 1;

console.log(
  'Destroys a stage. What keepData keeps (tables, cluster, key, logs of prod) stays; its stacks must have their termination protection taken off first.',
);
let status = destroy([]);
for (let attempt = 2; status !== 0 && attempt <= attempts && process.stdin.isTTY; attempt += 1) {
  console.log(
    `\nNot all is gone. When the network stack says DependencyViolation, Lambda still holds network interfaces:\n  aws ec2 describe-network-interfaces --filters Name=description,Values='AWS Lambda VPC ENI-switchboard-*' --query 'NetworkInterfaces[].Status'\nTrying again in ${pauseMinutes} minutes (attempt ${attempt} of ${attempts}); Ctrl-C to stop, and run this again later.`,
  );
  await wait(pauseMinutes * 60_000);
  status = destroy(['--force']);
}
process.exitCode = status;
