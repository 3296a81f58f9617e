import type { CodeEntry } from './entry.js';

/** Why `fixpoint restore` restored nothing. */
export const RESTORE = {
  'database-not-migrated': {
    class: 'restore',
    en: 'The database has no schema of Fixpoint.',
    zhTW: '資料庫沒有 Fixpoint 的結構描述。',
    next: { en: 'Run the migration first.', zhTW: '請先執行資料庫移轉。' },
  },
  'database-not-empty': {
    class: 'restore',
    en: 'The database is in use.',
    zhTW: '資料庫使用中。',
    next: { en: 'Restore into an empty database.', zhTW: '請還原至空的資料庫。' },
  },
  'not-a-backup': {
    class: 'restore',
    en: 'The folder holds no complete backup.',
    zhTW: '資料夾中沒有完整的備份。',
    next: { en: 'Name the folder of a finished backup.', zhTW: '請指定已完成備份的資料夾。' },
  },
  'backup-damaged': {
    class: 'restore',
    en: 'A file of the backup differs from what was written.',
    zhTW: '備份中的檔案與寫入時不同。',
    next: { en: 'Use another backup.', zhTW: '請使用其他備份。' },
  },
  'backup-version-mismatch': {
    class: 'restore',
    en: 'The backup was made by another version of the schema.',
    zhTW: '備份來自其他版本的結構描述。',
    next: {
      en: 'Restore with the version of Fixpoint that made the backup.',
      zhTW: '請以建立備份的 Fixpoint 版本還原。',
    },
  },
  'audit-chain-broken': {
    class: 'restore',
    en: 'The hash chain of the audit log in the backup is broken.',
    zhTW: '備份中稽核記錄的雜湊鏈已損壞。',
    next: { en: 'Treat the backup as tampered with and use another one.', zhTW: '請視為遭竄改，並使用其他備份。' },
  },
  'audit-log-invalid': {
    class: 'restore',
    en: 'Events in the audit log of the backup do not verify.',
    zhTW: '備份的稽核記錄中有事件未通過驗證。',
    next: {
      en: 'Find out why. Use another backup, or restore this one with --despite-problems.',
      zhTW: '請查明原因。使用其他備份，或以 --despite-problems 還原此備份。',
    },
  },
  'audit-head-mismatch': {
    class: 'restore',
    en: 'The audit log of the backup does not end with the expected hash.',
    zhTW: '備份的稽核記錄結尾雜湊與預期不符。',
    next: { en: 'Use the newest backup, or correct the expected hash.', zhTW: '請使用最新的備份，或修正預期的雜湊。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
