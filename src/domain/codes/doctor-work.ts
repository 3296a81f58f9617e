import type { CodeEntry } from './entry.js';

/** What `fixpoint doctor` can find about database rights, the queue, the processes and the work. */
export const DOCTOR_WORK = {
  'role-missing': {
    class: 'fault',
    en: 'A database role is missing.',
    zhTW: '缺少資料庫角色。',
    next: {
      en: 'Run the migration: `npm start` runs it; in production, step 6 of docs/guides/production.md.',
      zhTW: '請執行移轉：`npm start` 會執行；正式環境請見 docs/guides/production.md 第 6 步。',
    },
  },
  'privileges-excessive': {
    class: 'fault',
    en: 'A database role has a privilege that it must not have.',
    zhTW: '資料庫角色擁有不應有的權限。',
    next: {
      en: 'Find out who granted it, then run the migration, which resets the privileges.',
      zhTW: '請查明授權者，再執行移轉以重設權限。',
    },
  },
  'privileges-missing': {
    class: 'fault',
    en: 'A database role lacks a privilege.',
    zhTW: '資料庫角色缺少權限。',
    next: { en: 'Run the migration, which resets the privileges.', zhTW: '請執行移轉以重設權限。' },
  },
  'queue-unreachable': {
    class: 'fault',
    en: 'The message queue does not answer.',
    zhTW: '訊息佇列沒有回應。',
    next: {
      en: 'Start the queue. Requests are kept and processed afterwards.',
      zhTW: '請啟動佇列。要求會保留並於之後處理。',
    },
  },
  'redis-eviction-policy': {
    class: 'fault',
    en: 'Redis may evict messages under memory pressure.',
    zhTW: 'Redis 可能在記憶體不足時移除訊息。',
    next: { en: 'Set `maxmemory-policy noeviction`.', zhTW: '請設定 `maxmemory-policy noeviction`。' },
  },
  'redis-password-missing': {
    class: 'fault',
    en: 'Redis can be used without a password: from other machines, or in production from this one.',
    zhTW: '不需密碼即可使用 Redis：從其他電腦，或在正式環境中從本機。',
    next: {
      en: 'Set `requirepass`, and name the password in REDIS_URL.',
      zhTW: '請設定 `requirepass`，並在 REDIS_URL 中指定密碼。',
    },
  },
  'redis-sign-in-refused': {
    class: 'fault',
    en: 'Redis refuses the user or the password in REDIS_URL.',
    zhTW: 'Redis 拒絕 REDIS_URL 中的使用者或密碼。',
    next: {
      en: 'Correct the user and the password in REDIS_URL (see detail).',
      zhTW: '請更正 REDIS_URL 中的使用者與密碼（見詳細資料）。',
    },
  },
  'process-silent': {
    class: 'fault',
    en: 'A process has stopped reporting.',
    zhTW: '有程序停止回報。',
    next: { en: 'Start the process. Its log shows why it ended.', zhTW: '請啟動該程序，其記錄會顯示結束原因。' },
  },
  'relay-queue-unreachable': {
    class: 'fault',
    en: 'The relay cannot reach the message queue.',
    zhTW: '轉送程序無法連線到訊息佇列。',
    next: { en: 'Check the queue and the settings of the relay.', zhTW: '請檢查佇列與轉送程序的設定。' },
  },
  'clocks-out-of-sync': {
    class: 'fault',
    en: 'Clocks differ by more than two seconds.',
    zhTW: '時鐘相差超過兩秒。',
    next: {
      en: 'Synchronize all machines by NTP: leases and expiry depend on time.',
      zhTW: '請以 NTP 同步所有機器：租約與期限取決於時間。',
    },
  },
  'target-credential-unusable': {
    class: 'fault',
    en: 'The credential of a target cannot be used on this machine.',
    zhTW: '此電腦無法使用目標的認證。',
    next: {
      en: 'Correct it with `fixpoint credential`, or name another with `fixpoint target edit`. `fixpoint target test` looks at the target.',
      zhTW: '請以 `fixpoint credential` 更正，或以 `fixpoint target edit` 指定其他認證。`fixpoint target test` 可檢查目標。',
    },
  },
  'kerberos-packages-missing': {
    class: 'fault',
    en: 'Programs that Kerberos credentials need are missing on this machine.',
    zhTW: '此電腦缺少 Kerberos 認證所需的程式。',
    next: {
      en: 'Run `apt-get install krb5-user libsasl2-modules-gssapi-mit`.',
      zhTW: '請執行 `apt-get install krb5-user libsasl2-modules-gssapi-mit`。',
    },
  },
  'credential-simple-bind': {
    class: 'fault',
    en: 'A credential is the password of a directory account, and nobody allowed it to be sent (simple bind). Jobs with it are blocked.',
    zhTW: '認證為目錄帳戶的密碼，且未允許傳送（simple bind），使用它的作業會被封鎖。',
    next: {
      en: 'Use Kerberos (docs/guides/credentials.md), or run `fixpoint credential allow <name> <target> --simple-bind`.',
      zhTW: '請使用 Kerberos（見 docs/guides/credentials.md），或執行 `fixpoint credential allow <name> <target> --simple-bind`。',
    },
  },
  'credential-ends-missing': {
    class: 'note',
    en: 'A credential does not name the hosts and authorities with which it may be used. Production refuses it.',
    zhTW: '認證未指定可搭配使用的主機與憑證授權單位，正式模式會拒絕使用。',
    next: {
      en: 'Name them: `fixpoint credential add <name> --replace ... --host <host>`. In development `fixpoint credential allow <name> <target>` takes them from the inventory.',
      zhTW: '請指定：`fixpoint credential add <name> --replace ... --host <host>`。開發模式可用 `fixpoint credential allow <name> <target>` 從資產清單取得。',
    },
  },
  'outbox-lagging': {
    class: 'fault',
    en: 'The relay does not deliver messages to the queue in time.',
    zhTW: '轉送程序未及時將訊息送入佇列。',
    next: { en: 'Check the relay and the queue.', zhTW: '請檢查轉送程序與佇列。' },
  },
  'queue-lagging': {
    class: 'fault',
    en: 'Workers do not process messages in time.',
    zhTW: '工作程序未及時處理訊息。',
    next: {
      en: 'Start a worker for that pool, or raise FIXPOINT_SLOTS.',
      zhTW: '請為該集區啟動工作程序，或提高 FIXPOINT_SLOTS。',
    },
  },
  'audit-chain-lagging': {
    class: 'fault',
    en: 'Audit events are not appended to the hash chain in time.',
    zhTW: '稽核事件未及時加入雜湊鏈。',
    next: { en: 'Check the relay, which alone appends to the chain.', zhTW: '請檢查轉送程序，只有它會加入雜湊鏈。' },
  },
  'audit-checkpoint-late': {
    class: 'fault',
    en: 'Audit events have had no checkpoint outside the database for minutes.',
    zhTW: '稽核事件已數分鐘沒有資料庫外的檢查點。',
    next: {
      en: 'Check the file or collector of the checkpoints (FIXPOINT_CHECKPOINTS, FIXPOINT_CHECKPOINT_SYSLOG).',
      zhTW: '請檢查檢查點的檔案或收集器（FIXPOINT_CHECKPOINTS、FIXPOINT_CHECKPOINT_SYSLOG）。',
    },
  },
  'audit-events-unchained': {
    class: 'fault',
    en: 'Audit events are neither in the hash chain nor queued for it.',
    zhTW: '稽核事件既不在雜湊鏈中，也未排入等候。',
    next: {
      en: 'Treat this as tampering: export the log, verify it, and find out who wrote to the database.',
      zhTW: '請視為竄改：匯出記錄、驗證，並查明寫入資料庫者。',
    },
  },
  'jobs-overdue': {
    class: 'fault',
    en: 'Some jobs have been in one state for too long.',
    zhTW: '部分作業停留在同一狀態過久。',
    next: {
      en: 'Check that the relay and a worker are running (docs/operating.md explains the states).',
      zhTW: '請確認轉送程序與工作程序正在執行（狀態說明見 docs/operating.md）。',
    },
  },
  'jobs-need-attention': {
    class: 'note',
    en: 'Some jobs need a person to check the target.',
    zhTW: '部分作業需要有人檢查目標。',
    next: {
      en: 'Run `fixpoint job show <id>`, check the target, then run `fixpoint job resolve <id> in-place` or `not-in-place`.',
      zhTW: '請執行 `fixpoint job show <id>`、檢查目標，再執行 `fixpoint job resolve <id> in-place` 或 `not-in-place`。',
    },
  },
  'freeze-active': {
    class: 'note',
    en: 'No new work begins, because a global freeze is active.',
    zhTW: '全域凍結生效中，因此不會開始新的工作。',
    next: {
      en: 'Run `fixpoint freeze off` when the maintenance is done.',
      zhTW: '維護完成後請執行 `fixpoint freeze off`。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
