import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lab/run.js';
import { BASE, dnOf, parseLdif, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';

let at: DirectoryProduct;
let guid: Readonly<Record<string, string>>;
const second = () => {
  if (!at.lab.second) throw new Error('no second server');
  return at.lab.second;
};
/** The flag as each of the two servers has it. */
const flags = async (id: string) => {
  const text = await Promise.all(
    [at.domain, second()].map(({ directory }) =>
      run('ldbsearch', ['-H', join(directory, 'private', 'sam.ldb'), `(sAMAccountName=${id})`, 'msRTCSIP-UserEnabled']),
    ),
  );
  return text.map((answer) => parseLdif(answer)[0]?.['msrtcsip-userenabled']?.[0]);
};
const enable = (id: string, more: object = {}) => at.plan('enable-sip-user', { users: [guid[id]] }, more);

beforeAll(async () => {
  at = await startDirectoryProduct('second', ['domain', 'second']);
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  guid = await at.addUsers(['pinned', 'late', 'rival'].map((id) => ({ id })));
  await second().replicateFrom(at.domain);
});
afterAll(() => at?.stop());

describe('two directory servers, of which the second lags behind', () => {
  it('one server is pinned for the whole job, and the other gets the change by replication alone', async () => {
    const done = await at.carryOut(await enable('pinned'));
    expect([done.state, done.supplied.server]).toEqual(['succeeded', at.domain.address]);
    expect(await flags('pinned')).toEqual(['TRUE', 'FALSE']);
    await second().replicateFrom(at.domain);
    expect(await flags('pinned')).toEqual(['TRUE', 'TRUE']);
    expect(await enable('pinned', { target: 'contoso-2' })).toMatchObject({ state: 'compliant' });
  });

  it('a plan from the stale server is carried out there too: the swap guards one server, the lock guards the object', async () => {
    const [here, there] = [await enable('late'), await enable('late', { target: 'contoso-2' })];
    expect(there.locks).toEqual(here.locks);
    expect((await at.carryOut(here)).state).toBe('succeeded');
    expect(await at.carryOut(there)).toMatchObject({ state: 'succeeded', changes: [{ result: 'changed' }] });
    await second().replicateFrom(at.domain);
    expect(await flags('late')).toEqual(['TRUE', 'TRUE']);
  });

  it('a plan from the stale server finds its change in place after replication', async () => {
    const there = await enable('rival', { target: 'contoso-2' });
    expect((await at.carryOut(await enable('rival'))).state).toBe('succeeded');
    await second().replicateFrom(at.domain);
    expect(await at.carryOut(there)).toMatchObject({ outcome: 'already-fine', changes: [{ result: 'in-place' }] });
  });

  it('an address that is new on either server is a duplicate, however stale the global catalog', async () => {
    const { taken = '' } = await at.addUsers([{ id: 'taken' }]);
    const settings = { topology: 'decommissioned', verifiedDomains: ['contoso.test'], globalCatalog: second().address };
    await at.patchTarget('contoso', { settings });
    guid = { ...guid, taken };
    expect((await enable('taken')).state).toBe('awaiting-approval');
    // The catalog does not know of this one yet: the pinned server does.
    await at.addUsers([{ id: 'newcomer', enabled: 'TRUE', proxy: ['sip:taken@contoso.test'] }]);
    expect(await enable('taken')).toMatchObject({ state: 'blocked', code: 'duplicate-sip' });
    await at.change(`dn: ${dnOf('newcomer')}\nchangetype: delete\n`);
    expect((await enable('taken')).state).toBe('awaiting-approval');
    // And one that only the catalog knows.
    const ldif = join(second().directory, 'elsewhere.ldif');
    writeFileSync(
      ldif,
      `dn: CN=Carol Reed,OU=Staff,${BASE}\nchangetype: modify\nadd: proxyAddresses\nproxyAddresses: sip:taken@contoso.test\n`,
    );
    await run('ldbmodify', ['-H', join(second().directory, 'private', 'sam.ldb'), ldif]);
    expect(await enable('taken')).toMatchObject({ state: 'blocked', code: 'duplicate-sip' });
  });
});
