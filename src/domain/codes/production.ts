import type { CodeEntry } from './entry.js';

const GUIDE = 'docs/guides/production.md';

/** What production refuses at the start of a process. `fixpoint doctor` finds the same. */
export const PRODUCTION = {
  'user-shared': {
    class: 'fault',
    en: 'Two parts of Fixpoint run as one operating system user, so each can read the secrets of the other.',
    zhTW: 'Fixpoint 的兩個部分以同一個作業系統使用者執行，因此彼此能讀取對方的機密。',
    next: {
      en: `Start api, authority, relay and worker each as a user of its own (${GUIDE}).`,
      zhTW: `請讓 api、authority、relay 與 worker 各以自己的使用者啟動（${GUIDE}）。`,
    },
  },
  'user-is-root': {
    class: 'fault',
    en: 'A part of Fixpoint runs as root, which can read and write everything on this machine.',
    zhTW: 'Fixpoint 的一個部分以 root 執行，能讀寫這台電腦上的所有內容。',
    next: { en: `Start it as a user of its own (${GUIDE}).`, zhTW: `請以專屬的使用者啟動（${GUIDE}）。` },
  },
  'database-embedded': {
    class: 'fault',
    en: 'No PostgreSQL or queue of your own is named. Production does not use the embedded database.',
    zhTW: '未指定您自己的 PostgreSQL 或佇列。正式環境不使用內嵌資料庫。',
    next: {
      en: `Set the setting in the detail to a file with the address (${GUIDE}).`,
      zhTW: `請將詳細資料中的設定指向含有位址的檔案（${GUIDE}）。`,
    },
  },
  'redis-url-without-password': {
    class: 'fault',
    en: 'The address of Redis has no password. Every user of the machine could read, delete and invent messages.',
    zhTW: 'Redis 的位址沒有密碼。這台電腦的每個使用者都能讀取、刪除及偽造訊息。',
    next: {
      en: 'Set `requirepass` in Redis, and put the address with the password into the file that REDIS_URL_FILE names.',
      zhTW: '請在 Redis 設定 `requirepass`，並將含密碼的位址寫入 REDIS_URL_FILE 所指的檔案。',
    },
  },
  'secret-in-environment': {
    class: 'fault',
    en: 'A secret is in the environment, where child processes, crash reports and diagnostic tools find it.',
    zhTW: '機密位於環境變數中，子程序、當機報告與診斷工具都能取得。',
    next: {
      en: 'Put it into a file of mode 0600. A setting takes the file by the name with `_FILE`, a credential by `secret://file`.',
      zhTW: '請將其寫入權限 0600 的檔案。設定以加上 `_FILE` 的名稱指定檔案，認證以 `secret://file` 指定。',
    },
  },
  'secret-of-another-part': {
    class: 'fault',
    en: 'This process can reach a secret that belongs to another part of Fixpoint.',
    zhTW: '此程序能取得屬於 Fixpoint 其他部分的機密。',
    next: {
      en: 'Give the file to the user of its part alone, with mode 0600, and set the setting for that part alone.',
      zhTW: '請讓檔案只屬於該部分的使用者並設為權限 0600，且只為該部分設定此設定。',
    },
  },
  'file-writable': {
    class: 'fault',
    en: 'Somebody who must not can write a file or a folder that decides what runs and who may do what.',
    zhTW: '不應有權者能寫入決定執行內容與權限的檔案或資料夾。',
    next: {
      en: 'Let it belong to root or to an administrator, and take the right to write from group and others (`chmod go-w`).',
      zhTW: '請讓它屬於 root 或管理員，並移除群組與其他人的寫入權（`chmod go-w`）。',
    },
  },
  'database-reachable': {
    class: 'fault',
    en: 'A database role of Fixpoint can connect to a database that is not its own.',
    zhTW: 'Fixpoint 的資料庫角色能連線到不屬於它的資料庫。',
    next: {
      en: 'Refuse it in pg_hba.conf, or revoke CONNECT on that database from PUBLIC.',
      zhTW: '請在 pg_hba.conf 中拒絕，或向 PUBLIC 撤銷該資料庫的 CONNECT。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
