import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.js';

export interface Leaf {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  readonly caFile: string;
  /** A certificate for a name or an address; 30 days. @param extension one more, as a line of openssl's */
  issue(name: string, use?: 'serverAuth' | 'clientAuth', extension?: string): Promise<Leaf>;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const RSA = ['-newkey', 'rsa:2048', '-nodes'];
/** A signature whose hash is a parameter of it, as AD CS makes with AlternateSignatureAlgorithm. */
const PSS = ['-sigopt', 'rsa_padding_mode:pss'];

/** An authority of a test's own, below a folder. @param signs with EC, or with RSASSA-PSS */
export async function makeAuthority(directory: string, name: string, signs: 'ec' | 'pss' = 'ec'): Promise<Authority> {
  const key = signs === 'ec' ? EC : RSA;
  const padding = signs === 'ec' ? [] : PSS;
  const at = (file: string) => join(directory, `${name}-${file}`);
  const own = [
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '30',
    '-subj',
    `/CN=Fixpoint laboratory ${name}`,
  ];
  await run('openssl', ['req', '-x509', ...key, ...own, ...padding]);
  return {
    caFile: at('ca.pem'),
    async issue(subject, use = 'serverAuth', extension = '') {
      const leaf = (file: string) => at(`${subject}-${use}.${file}`);
      await run('openssl', ['req', ...key, '-keyout', leaf('key'), '-out', leaf('csr'), '-subj', `/CN=${subject}`]);
      const kind = /^[\d.:]+$/.test(subject) ? 'IP' : 'DNS';
      await writeFile(leaf('ext'), `subjectAltName=${kind}:${subject}\nextendedKeyUsage=${use}\n${extension}\n`);
      const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '30'];
      const files = ['-in', leaf('csr'), '-out', leaf('pem'), '-extfile', leaf('ext')];
      await run('openssl', ['x509', '-req', ...files, ...signed, ...padding]);
      return { certificate: leaf('pem'), key: leaf('key') };
    },
  };
}
