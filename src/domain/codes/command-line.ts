import type { CodeEntry } from './entry.js';

/** Why the command line did not do what was asked, before or after it asked the API. */
export const COMMAND_LINE = {
  'host-key-not-confirmed': {
    class: 'request',
    en: 'Nobody confirmed the host key.',
    zhTW: '沒有人確認主機金鑰。',
    next: {
      en: 'Compare the fingerprint on the target itself, then confirm it or name it with --fingerprint.',
      zhTW: '請在目標上比對指紋，再確認或以 --fingerprint 指定。',
    },
  },
  'not-confirmed': {
    class: 'request',
    en: 'Nobody confirmed the command.',
    zhTW: '沒有人確認此命令。',
    next: { en: 'Confirm it, or add --yes.', zhTW: '請確認，或加上 --yes。' },
  },
  'credential-not-found': {
    class: 'request',
    en: 'The credentials file has no credential with this name.',
    zhTW: '認證檔中沒有這個名稱的認證。',
    next: { en: 'List the credentials: `fixpoint credential list`.', zhTW: '請列出認證：`fixpoint credential list`。' },
  },
  'credential-exists': {
    class: 'request',
    en: 'The credentials file has a credential with this name.',
    zhTW: '認證檔中已有這個名稱的認證。',
    next: {
      en: 'Replace it with --replace, or let it be used on more targets with `fixpoint credential allow`.',
      zhTW: '請以 --replace 取代，或以 `fixpoint credential allow` 用於更多目標。',
    },
  },
  'token-not-found': {
    class: 'request',
    en: 'There is no such token.',
    zhTW: '沒有這個權杖。',
    next: { en: 'List the tokens: `fixpoint token list`.', zhTW: '請列出權杖：`fixpoint token list`。' },
  },
  'tokens-not-revoked': {
    class: 'request',
    en: 'The person was removed, but their tokens were not revoked.',
    zhTW: '人員已移除，但其權杖未撤銷。',
    next: {
      en: 'Start the database, then run `fixpoint token revoke --person <id>`.',
      zhTW: '請啟動資料庫，再執行 `fixpoint token revoke --person <id>`。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
