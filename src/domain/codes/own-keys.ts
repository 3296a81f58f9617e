import type { CodeEntry } from './entry.js';

/** What the command line refuses on the way to a first key, and about the file of a person's own key. */
export const OWN_KEYS = {
  'first-key-exists': {
    class: 'request',
    en: 'An administrator has a registered key, so no key is the first.',
    zhTW: '已有管理員登記金鑰，因此不能再登記首個金鑰。',
    next: {
      en: 'Have an administrator confirm the key: `fixpoint key confirm <id>`.',
      zhTW: '請由管理員確認金鑰：`fixpoint key confirm <id>`。',
    },
  },
  'first-key-not-admin': {
    class: 'request',
    en: 'The first key of an installation is that of an administrator.',
    zhTW: '系統的首個金鑰必須屬於管理員。',
    next: {
      en: 'Register the key of a person with the role admin first; they confirm all others.',
      zhTW: '請先登記具有 admin 角色人員的金鑰，其他金鑰由該人員確認。',
    },
  },
  'key-file-exists': {
    class: 'request',
    en: 'There is a key in this file. It was not overwritten.',
    zhTW: '此檔案中已有金鑰，未覆寫。',
    next: { en: 'Name another file with --out.', zhTW: '請以 --out 指定另一個檔案。' },
  },
  'key-unreadable': {
    class: 'request',
    en: 'The key could not be opened. Nothing was signed.',
    zhTW: '無法開啟金鑰，未簽署任何內容。',
    next: {
      en: 'Check the file and its passphrase. A key that is lost is replaced: `fixpoint key new`.',
      zhTW: '請檢查檔案及其密碼片語。遺失的金鑰請以 `fixpoint key new` 更換。',
    },
  },
  'passphrase-unfit': {
    class: 'request',
    en: 'The passphrase does not protect a key.',
    zhTW: '密碼片語不足以保護金鑰。',
    next: { en: 'Choose one of at least 12 characters.', zhTW: '請選擇至少 12 個字元的密碼片語。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
