import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';

let folder: string;
let tls: Server;
beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxcn-');
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'cert.pem');
  const words = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=127.0.0.1', '-days', '2'];
  execFileSync('openssl', [...words, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  tls = createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => tls.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
const me = (url: string, token = 'fxp_x') => command({ FIXPOINT_URL: url, FIXPOINT_TOKEN: token }, 'me');

describe('why no answer came', () => {
  it('a certificate that is not accepted, and how to name its authority', async () => {
    const { code, text } = await me(`https://127.0.0.1:${portOf(tls)}`);
    expect(code).toBe(1);
    expect(text).toContain('Its certificate is not accepted: ');
    expect(text).toContain('Set NODE_EXTRA_CA_CERTS to a PEM file');
    expect(text).not.toContain('npm start');
  });

  it('TLS to a server that speaks plain HTTP', async () => {
    const plain = createPlain();
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    expect((await me(`https://127.0.0.1:${portOf(plain)}`)).text).toContain(
      'Check https:// or http:// in FIXPOINT_URL.',
    );
    await new Promise((resolve) => plain.close(resolve));
  });

  it('nothing that listens', async () => {
    const free = createTcp();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const port = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    expect((await me(`http://127.0.0.1:${port}`)).text).toContain(
      'Nothing listens there (ECONNREFUSED). Start Fixpoint with npm start',
    );
  });

  it('a name that nobody knows', async () => {
    expect((await me('http://fixpoint.invalid:8400')).text).toMatch(/The name of the host cannot be resolved/);
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    ['http://ann:very-secret@127.0.0.1:8400', 'has a user name or a password in it'],
    ['ann:very-secret@127.0.0.1:8400', 'is not the address of an API'],
    ['http://127.0.0.1 :8400', 'is not the address of an API'],
    ['http://127.0.0.1:99999', 'is not the address of an API'],
    ['http://127.0.0.1:8400/?x=1', 'has a part behind ?'],
  ])('the address %s, without its password', async (url, message) => {
    const { code, text } = await me(url);
    expect([code, text]).toEqual([1, expect.stringContaining(message)]);
    expect(text).not.toContain('very-secret');
  });

  it.each(['fxp_ab cd', 'fxp_secrét', 'fxp_one\nfxp_two', ' fxp_x'])(
    'the token %j, without repeating it',
    async (token) => {
      const { code, text } = await me('http://127.0.0.1:9', token);
      expect([code, text]).toEqual([1, expect.stringContaining('FIXPOINT_TOKEN is not a token')]);
      expect(text).toContain('fixpoint token issue');
      expect(text).not.toContain(token.trim());
    },
  );
});
