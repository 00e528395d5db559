import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { guestAuthentication } from '../../../lambdas/shared/platform/authenticate.ts';
import { GuestTokens } from '../../../lambdas/shared/platform/identity.ts';

const tokens = new GuestTokens(randomBytes(32));
const authenticate = guestAuthentication(async () => tokens);
const { owner, token = '' } = tokens.issue();

describe('guest authentication', () => {
  it('knows its own token as a bearer and as a cookie, the bearer first', async () => {
    expect(await authenticate({ authorization: `Bearer ${token}`, cookies: [] })).toEqual({ owner, token });
    expect(await authenticate({ cookies: [`a=b; switchboard=${token}; c=d`] })).toEqual({ owner, token });
    const other = tokens.issue();
    const both = { authorization: `Bearer ${other.token}`, cookies: [`switchboard=${token}`] };
    expect((await authenticate(both))?.owner).toBe(other.owner);
  });

  it('takes no credentials for a first call', async () => {
    expect(await authenticate({ cookies: ['other=1'] })).toBeUndefined();
  });

  it.each([
    ['another key’s token', `Bearer ${new GuestTokens(randomBytes(32)).issue().token}`],
    ['a changed owner', `Bearer v1.${Buffer.from('guest:someone').toString('base64url')}.${token.split('.')[2]}`],
    ['a cut signature', `Bearer ${token.slice(0, -2)}`],
    ['something else', 'Bearer abc'],
    ['no bearer', 'Basic abc'],
    ['an empty one', 'Bearer '],
  ])('refuses %s', async (_name, authorization) => {
    await expect(authenticate({ authorization, cookies: [] })).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
