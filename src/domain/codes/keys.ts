import type { CodeEntry } from './entry.js';

/** Why a signed decision does not count, and why a key was not registered, confirmed or used. */
export const KEYS = {
  'key-required': {
    class: 'job',
    en: 'This installation takes decisions only with a signature of your own key.',
    zhTW: '此系統只接受以您自己的金鑰簽署的決定。',
    next: {
      en: 'Make a key with `fixpoint key new`, register it with `fixpoint key add`, have an administrator confirm it, then decide again with --key.',
      zhTW: '請以 `fixpoint key new` 建立金鑰，以 `fixpoint key add` 登記並由管理員確認，再以 --key 重新決定。',
    },
  },
  'key-unknown': {
    class: 'job',
    en: 'The key is not registered for this person.',
    zhTW: '此金鑰未登記給這個人員。',
    next: {
      en: 'List your keys with `fixpoint key list`, and register this one with `fixpoint key add`.',
      zhTW: '請以 `fixpoint key list` 列出您的金鑰，並以 `fixpoint key add` 登記此金鑰。',
    },
  },
  'key-revoked': {
    class: 'job',
    en: 'The key was revoked.',
    zhTW: '此金鑰已撤銷。',
    next: {
      en: 'Make another key with `fixpoint key new` and register it; then submit or decide again.',
      zhTW: '請以 `fixpoint key new` 建立並登記另一個金鑰，再重新提交或決定。',
    },
  },
  'signature-invalid': {
    class: 'job',
    en: 'The signature does not fit what was decided, requested or confirmed.',
    zhTW: '簽章與所決定、要求或確認的內容不符。',
    next: {
      en: 'Sign again with the key that is registered. If nobody made a mistake, find out who changed the database.',
      zhTW: '請以已登記的金鑰重新簽署。若無人操作錯誤，請查明資料庫由誰變更。',
    },
  },
  'key-weak': {
    class: 'request',
    en: 'The public key is one under which anybody can sign.',
    zhTW: '此公開金鑰任何人都能以其簽章通過驗證。',
    next: {
      en: 'Make a key with `fixpoint key new`. No program makes such a key by chance: find out where this one came from.',
      zhTW: '請以 `fixpoint key new` 建立金鑰。程式不會偶然產生這種金鑰，請查明其來源。',
    },
  },
  'decision-replayed': {
    class: 'job',
    en: 'The signature of the decision was used before.',
    zhTW: '此決定的簽章已使用過。',
    next: {
      en: 'Decide again. If you decided only once, find out who changed the database.',
      zhTW: '請重新決定。若您只決定過一次，請查明資料庫由誰變更。',
    },
  },
  'decision-stale': {
    class: 'job',
    en: 'The decision was signed more than 10 minutes before or after it arrived.',
    zhTW: '決定的簽署時間與到達時間相差超過 10 分鐘。',
    next: {
      en: 'Check the clock of the machine on which you decide, then decide again.',
      zhTW: '請檢查您作出決定所用機器的時鐘，再重新決定。',
    },
  },
  'key-not-found': {
    class: 'request',
    en: 'There is no such key.',
    zhTW: '沒有這個金鑰。',
    next: { en: 'List the keys: `fixpoint key list`.', zhTW: '請列出金鑰：`fixpoint key list`。' },
  },
  'key-taken': {
    class: 'request',
    en: 'The key is registered already, or somebody has asked for its registration.',
    zhTW: '此金鑰已登記，或已有人要求登記。',
    next: {
      en: 'One key belongs to one person for ever. Make another one with `fixpoint key new`.',
      zhTW: '一個金鑰永遠只屬於一個人員。請以 `fixpoint key new` 建立另一個。',
    },
  },
  'key-not-pending': {
    class: 'request',
    en: 'The key does not await a confirmation.',
    zhTW: '此金鑰未在等待確認。',
    next: { en: 'List the keys: `fixpoint key list`.', zhTW: '請列出金鑰：`fixpoint key list`。' },
  },
  'own-key': {
    class: 'request',
    en: 'Nobody confirms a key of their own.',
    zhTW: '任何人不得確認自己的金鑰。',
    next: { en: 'Ask another administrator to confirm it.', zhTW: '請由另一位管理員確認。' },
  },
  'not-an-admin': {
    class: 'request',
    en: 'Only an administrator confirms keys.',
    zhTW: '只有管理員可以確認金鑰。',
    next: { en: 'Ask a person with the role admin.', zhTW: '請洽具有 admin 角色的人員。' },
  },
  'key-owner-unknown': {
    class: 'request',
    en: 'The owner of the key is not in the people file.',
    zhTW: '金鑰的擁有者不在人員檔中。',
    next: { en: 'Add the person again, then ask for the key again.', zhTW: '請重新加入該人員，再重新要求登記金鑰。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
