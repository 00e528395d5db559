/** Prefix lengths that AWS takes for a VPC. */
const [widest, narrowest] = [16, 28];

/** Of each of our subnets. */
export const subnetPrefix = 24;

/** What is wrong with the range of a VPC that is to hold so many of our subnets; undefined for a good one. */
export function faultOfCidr(cidr: string, zones: number): string | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [prefix = 0, ...bytes] = match ? match.slice(1).map(Number).reverse() : [];
  if (!match || bytes.some((byte) => byte > 255)) return 'not an IPv4 range such as 10.77.0.0/16';
  if (prefix < widest || prefix > narrowest) return `AWS takes /${widest} to /${narrowest}`;
  const address = bytes.toReversed().reduce((sum, byte) => sum * 256 + byte, 0);
  if (address % 2 ** (32 - prefix) !== 0) return 'not the first address of its range';
  const most = 2 ** (subnetPrefix - prefix);
  return most < zones
    ? `too small for ${zones} subnets of /${subnetPrefix}: take /${subnetPrefix - Math.ceil(Math.log2(zones))} or wider`
    : undefined;
}

/** `us-east-1a`, which is another place in another account, or `use1-az4`, which is the same one in all. */
export const zoneName = /^([a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]{3,5}\d-az\d{1,2})$/;

export const isZoneId = (zone: string): boolean => zone.includes('-az');
