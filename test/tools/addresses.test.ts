import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { host } from '../../src/http/schemas/parts.js';
import { httpUrl, isLoopback, localUrl } from '../../src/platform/address.js';
import { apiAddress, noteAddress } from '../../src/platform/home-address.js';

describe('the address of a server', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:8400'],
    ['::1', 'http://[::1]:8400'],
    ['[::1]', 'http://[::1]:8400'],
    ['fd00::2', 'http://[fd00::2]:8400'],
    ['fixpoint.example', 'http://fixpoint.example:8400'],
  ])('of %s is %s', (name, url) => {
    expect(httpUrl(name, 8400)).toBe(url);
    expect(URL.canParse(url)).toBe(true);
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:8400'],
    ['::', 'http://[::1]:8400'],
    ['::1', 'http://[::1]:8400'],
    ['192.0.2.1', 'http://192.0.2.1:8400'],
  ])('that listens on %s is, from this machine, %s', (name, url) => {
    expect(localUrl(name, 8400)).toBe(url);
  });

  it('is one of this machine alone, or not', () => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', '[::1]', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])
      expect([address, isLoopback(address)]).toEqual([address, true]);
    for (const address of ['192.0.2.1', '0.0.0.0', '::', 'fd00::1', '::ffff:192.0.2.1', 'localhost', '1::1'])
      expect([address, isLoopback(address)]).toEqual([address, false]);
  });
});

describe('the host of a target', () => {
  const isHost = (text: string) => new RegExp((host as { pattern?: string }).pattern ?? '', 'u').test(text);

  it.each([
    'pc-1',
    'pc.example.test',
    '192.0.2.7',
    '::1',
    'fd00::2',
    'fe80::1%eth0',
    '::ffff:192.0.2.7',
    '2001:db8:0:0:0:0:0:1',
  ])('may be %s', (text) => expect(isHost(text)).toBe(true));

  it.each(['', '-oProxyCommand=x', 'a b', '[::1]', 'pc:22', '::1%', '::1%a b', ':', 'a@b', '::1\n'])(
    'may not be %j',
    (text) => expect(isHost(text)).toBe(false),
  );
});

describe('the address that a command talks to', () => {
  it('is that of the instance of its home, unless a variable names another', () => {
    const home = mkdtempSync('/tmp/fxa-');
    const of = (env: NodeJS.ProcessEnv) => apiAddress({ FIXPOINT_HOME: home, ...env });
    try {
      expect(of({})).toBe('http://127.0.0.1:8400');
      noteAddress(home, 'http://[::1]:8448');
      expect(of({})).toBe('http://[::1]:8448');
      expect(of({ FIXPOINT_URL: '', FIXPOINT_PORT: '' })).toBe('http://[::1]:8448');
      expect(of({ FIXPOINT_PORT: '8401' })).toBe('http://127.0.0.1:8401');
      expect(of({ FIXPOINT_HOST: '::1', FIXPOINT_PORT: '8401' })).toBe('http://[::1]:8401');
      expect(of({ FIXPOINT_URL: 'https://fixpoint.example', FIXPOINT_PORT: '8401' })).toBe('https://fixpoint.example');
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
