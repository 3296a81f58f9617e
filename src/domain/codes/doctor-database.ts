import type { CodeEntry } from './entry.js';

/** What `fixpoint doctor` can find about the database and its schema. */
export const DOCTOR_DATABASE = {
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
} as const satisfies Readonly<Record<string, CodeEntry>>;
