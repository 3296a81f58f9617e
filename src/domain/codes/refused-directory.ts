import type { CodeEntry } from './entry.js';

/** Refusals about directory objects, Skype for Business and directory synchronization. Nothing was changed. */
export const REFUSED_DIRECTORY = {
  'target-not-found': {
    class: 'refused',
    en: 'No target or object has this name.',
    zhTW: '找不到這個名稱的目標或物件。',
    next: { en: 'Check the spelling and submit again.', zhTW: '請檢查名稱後重新提交。' },
  },
  'target-ambiguous': {
    class: 'refused',
    en: 'More than one object has this name.',
    zhTW: '有多個物件使用這個名稱。',
    next: { en: 'Identify the object by its id and submit again.', zhTW: '請改用物件的識別碼後重新提交。' },
  },
  'protected-object': {
    class: 'refused',
    en: 'The object belongs to a protected or privileged account. Fixpoint does not change such accounts.',
    zhTW: '此物件屬於受保護或特殊權限帳戶，Fixpoint 不會變更這類帳戶。',
    next: { en: 'Ask a directory administrator.', zhTW: '請洽目錄管理員。' },
  },
  'account-disabled': {
    class: 'refused',
    en: 'The account is disabled.',
    zhTW: '此帳戶已停用。',
    next: { en: 'Enable the account or leave it out of the request.', zhTW: '請啟用帳戶，或將它從要求中移除。' },
  },
  'duplicate-sip': {
    class: 'refused',
    en: 'Another object uses the same address.',
    zhTW: '另一個物件使用相同的位址。',
    next: { en: 'Resolve the duplicate and submit again.', zhTW: '請先處理重複的位址，再重新提交。' },
  },
  'live-pool': {
    class: 'refused',
    en: 'A running Skype for Business Server manages its users. Fixpoint does not edit their directory attributes.',
    zhTW: '運作中的 Skype for Business Server 管理其使用者，Fixpoint 不會直接修改其目錄屬性。',
    next: { en: 'Use the management commands of that server.', zhTW: '請使用該伺服器的管理命令。' },
  },
  'topology-conflict': {
    class: 'refused',
    en: 'The Skype for Business topology in the inventory does not match the directory.',
    zhTW: '資產清單中的 Skype for Business 拓撲與目錄不一致。',
    next: {
      en: 'If the server still runs, correct the topology of the target. If only its objects are left, remove them or state in the parameter serversGone how you know.',
      zhTW: '若伺服器仍在運作，請修正目標的拓撲設定；若只剩目錄物件，請移除，或在參數 serversGone 說明依據。',
    },
  },
  'schema-missing': {
    class: 'refused',
    en: 'The directory schema does not define this attribute.',
    zhTW: '目錄結構描述沒有定義此屬性。',
    next: { en: 'Check the attribute name and the schema version.', zhTW: '請檢查屬性名稱與結構描述版本。' },
  },
  'attribute-not-allowed': {
    class: 'refused',
    en: 'The runbook is not allowed to change this attribute.',
    zhTW: '此執行手冊不得變更這個屬性。',
    next: {
      en: 'Choose an attribute listed in the README of the runbook.',
      zhTW: '請選擇執行手冊 README 列出的屬性。',
    },
  },
  'not-single-valued': {
    class: 'refused',
    en: 'The attribute holds several values.',
    zhTW: '此屬性含有多個值。',
    next: { en: 'Use the operations add-value and remove-value.', zhTW: '請使用 add-value 與 remove-value 操作。' },
  },
  'read-only-replica': {
    class: 'refused',
    en: 'The directory server is a read-only replica.',
    zhTW: '此目錄伺服器是唯讀複本。',
    next: { en: 'Name a writable server in the target.', zhTW: '請在目標中指定可寫入的伺服器。' },
  },
  'server-not-allowed': {
    class: 'refused',
    en: 'The directory server is not one that the target names.',
    zhTW: '此目錄伺服器不是目標所指定的伺服器。',
    next: { en: 'Check the servers and the global catalog of the target.', zhTW: '請檢查目標的伺服器與通用類別目錄。' },
  },
  'simple-bind-refused': {
    class: 'refused',
    en: 'The credential is a password, and nobody allowed it to be sent to a directory (simple bind). Nothing was sent.',
    zhTW: '此認證為密碼，且未允許將密碼傳送至目錄（simple bind），未傳送任何內容。',
    next: {
      en: 'Use a Kerberos credential with a target of --ldap, or allow it with `fixpoint credential allow <name> <target> --simple-bind`.',
      zhTW: '請使用 Kerberos 認證與 --ldap 目標，或以 `fixpoint credential allow <name> <target> --simple-bind` 允許。',
    },
  },
  'staging-server': {
    class: 'refused',
    en: 'This synchronization server is in staging mode and does not export to the tenant.',
    zhTW: '此同步伺服器處於暫存模式，不會匯出至租用戶。',
    next: { en: 'Use the active synchronization server.', zhTW: '請使用作用中的同步伺服器。' },
  },
  'sync-disabled': {
    class: 'refused',
    en: 'The synchronization scheduler is disabled.',
    zhTW: '同步排程器已停用。',
    next: { en: 'Ask the owner of the server to enable it.', zhTW: '請伺服器負責人啟用排程器。' },
  },
  'sync-account-blocked': {
    class: 'refused',
    en: 'The synchronization account cannot sign in. Retrying does not help.',
    zhTW: '同步帳戶無法登入，重試沒有幫助。',
    next: {
      en: 'Check the sign-in log and Conditional Access of that account.',
      zhTW: '請檢查該帳戶的登入記錄與條件式存取。',
    },
  },
  'export-threshold': {
    class: 'refused',
    en: 'The export stopped because it would delete more objects than allowed.',
    zhTW: '匯出會刪除的物件數超過允許的上限，因此已停止。',
    next: {
      en: 'Find out why the objects are missing before you raise the threshold.',
      zhTW: '提高上限之前，請先查明物件消失的原因。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
