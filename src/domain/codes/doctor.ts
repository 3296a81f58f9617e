import type { CodeEntry } from './entry.js';

/** What `fixpoint doctor` can find, in the order in which it examines things. */
export const DOCTOR = {
  'settings-invalid': {
    class: 'fault',
    en: 'A setting is invalid.',
    zhTW: '設定無效。',
    next: { en: 'Fix the variable and start again.', zhTW: '請修正變數後重新啟動。' },
  },
  'file-missing': {
    class: 'fault',
    en: 'A file of the installation is missing.',
    zhTW: '安裝缺少檔案。',
    next: {
      en: 'Restore the file, or start Fixpoint once to create it.',
      zhTW: '請還原檔案，或啟動一次 Fixpoint 以建立。',
    },
  },
  'file-permissions': {
    class: 'fault',
    en: 'Other users can read a secret file.',
    zhTW: '其他使用者可以讀取機密檔案。',
    next: { en: 'Run `chmod 600` on the file and rotate the secret.', zhTW: '請對檔案執行 `chmod 600` 並更換機密。' },
  },
  'file-malformed': {
    class: 'fault',
    en: 'A file does not have the expected format.',
    zhTW: '檔案格式不正確。',
    next: { en: 'Fix the file (see detail).', zhTW: '請修正檔案（見詳細資料）。' },
  },
  'approvers-missing': {
    class: 'fault',
    en: 'No request can be approved: one person must submit and another approve.',
    zhTW: '沒有要求能獲得核准：必須有一人提交、另一人核准。',
    next: {
      en: 'Add people: `fixpoint person add <id> <name> <roles...>`.',
      zhTW: '請新增人員：`fixpoint person add <id> <name> <roles...>`。',
    },
  },
  'role-unheld': {
    class: 'fault',
    en: 'Nobody has a role that the product needs.',
    zhTW: '沒有人擁有產品所需的角色。',
    next: {
      en: 'Give somebody the role: `fixpoint person set <id> --roles <roles...>`.',
      zhTW: '請將角色指派給人員：`fixpoint person set <id> --roles <roles...>`。',
    },
  },
  'disk-space-low': {
    class: 'fault',
    en: 'Disk space is low.',
    zhTW: '磁碟空間不足。',
    next: {
      en: 'Free disk space: without it Fixpoint refuses requests that change something.',
      zhTW: '請釋出磁碟空間，否則 Fixpoint 會拒絕變更要求。',
    },
  },
  'engine-missing': {
    class: 'fault',
    en: 'The PowerShell engine is missing, or FIXPOINT_PWSH names another program.',
    zhTW: '缺少 PowerShell 引擎，或 FIXPOINT_PWSH 指定了其他程式。',
    next: {
      en: 'Build it with `npm run engine:build`, or correct FIXPOINT_PWSH.',
      zhTW: '請以 `npm run engine:build` 建置，或修正 FIXPOINT_PWSH。',
    },
  },
  'engine-failed': {
    class: 'fault',
    en: 'The PowerShell engine does not start.',
    zhTW: 'PowerShell 引擎無法啟動。',
    next: {
      en: 'Read the detail, then rebuild the engine with `npm run engine:build`.',
      zhTW: '請查看詳細資料，再以 `npm run engine:build` 重新建置。',
    },
  },
  'database-unreachable': {
    class: 'fault',
    en: 'The database does not answer.',
    zhTW: '資料庫沒有回應。',
    next: {
      en: 'Start Fixpoint (`npm start`), or check DATABASE_URL and the server.',
      zhTW: '請啟動 Fixpoint（`npm start`），或檢查 DATABASE_URL 與伺服器。',
    },
  },
  'database-stopped': {
    class: 'fault',
    en: 'The database of this home does not run. Nothing was read from it.',
    zhTW: '此主目錄的資料庫未在執行，無法讀取其中的資料。',
    next: { en: 'Start Fixpoint with `npm start`.', zhTW: '請以 `npm start` 啟動 Fixpoint。' },
  },
  'database-not-configured': {
    class: 'fault',
    en: 'No database is configured.',
    zhTW: '未設定資料庫。',
    next: {
      en: 'Start Fixpoint, or set DATABASE_URL or FIXPOINT_API_DATABASE_URL.',
      zhTW: '請啟動 Fixpoint，或設定 DATABASE_URL 或 FIXPOINT_API_DATABASE_URL。',
    },
  },
  'schema-outdated': {
    class: 'fault',
    en: 'The database schema is older than the program.',
    zhTW: '資料庫結構描述比程式舊。',
    next: {
      en: 'Stop all processes and start again (`npm start`), or run the migration.',
      zhTW: '請停止所有程序後重新啟動（`npm start`），或執行移轉。',
    },
  },
  'schema-unknown': {
    class: 'fault',
    en: 'The database schema was made by another version of Fixpoint.',
    zhTW: '資料庫結構描述由其他版本的 Fixpoint 建立。',
    next: {
      en: 'Use the version that made it, or restore a backup of this version.',
      zhTW: '請使用建立它的版本，或還原此版本的備份。',
    },
  },
  'schema-not-checked': {
    class: 'note',
    en: 'The database schema was not checked: this role may not read its version.',
    zhTW: '未檢查資料庫結構描述：此角色無法讀取其版本。',
    next: { en: 'Set DATABASE_URL for a complete check.', zhTW: '請設定 DATABASE_URL 以進行完整檢查。' },
  },
  'role-missing': {
    class: 'fault',
    en: 'A database role is missing.',
    zhTW: '缺少資料庫角色。',
    next: { en: 'Run the migration (`npm start` runs it).', zhTW: '請執行移轉（`npm start` 會執行）。' },
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
    en: 'Redis can be used without a password from other machines.',
    zhTW: '其他電腦不需密碼即可使用 Redis。',
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
