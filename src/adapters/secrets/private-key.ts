const NEEDED = 'a private key in the format of OpenSSH or PEM is needed';

/** Why a file's text cannot be used as the private key of an SSH client that nobody watches; undefined where it can. */
export function privateKeyProblem(text: string): string | undefined {
  if (text.trim() === '') return `its key file is empty: ${NEEDED}`;
  if (text.startsWith('PuTTY-User-Key-File'))
    return 'its key file is one of PuTTY: convert it with puttygen <file> -O private-openssh -o <new file>';
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA|BEGIN (SSH2 )?PUBLIC KEY/.test(text))
    return 'its key file holds a public key: name the file of the private key';
  const kind = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text)?.[1];
  if (kind === undefined) return `its key file is not a private key: ${NEEDED}`;
  if (!isEncrypted(kind, text)) return undefined;
  return 'its key file has a passphrase, which nobody is there to enter: remove it with ssh-keygen -p -N "" -f <file>, or use another key';
}

function isEncrypted(kind: string, text: string): boolean {
  if (kind === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(text)) return true;
  if (kind !== 'OPENSSH PRIVATE KEY') return false;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(body, 'base64');
  // "openssh-key-v1", NUL, then the length and the name of the cipher.
  const from = 'openssh-key-v1\0'.length + 4;
  const length = bytes.length >= from ? bytes.readUInt32BE(from - 4) : 0;
  return bytes.subarray(from, from + length).toString('latin1') !== 'none';
}
