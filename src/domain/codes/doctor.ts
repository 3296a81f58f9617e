import { DOCTOR_DATABASE } from './doctor-database.js';
import { DOCTOR_WORK } from './doctor-work.js';
import type { CodeEntry } from './entry.js';
import { PRODUCTION } from './production.js';

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
    en: 'Other users have a right to a secret file or to the folder that holds it.',
    zhTW: '其他使用者對機密檔案或其所在資料夾擁有權限。',
    next: {
      en: 'Run `chmod go-rwx` on it, and replace the secret if others could read it.',
      zhTW: '請對其執行 `chmod go-rwx`，若他人可能已讀取，請更換機密。',
    },
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
  'policy-unusable': {
    class: 'fault',
    en: 'The policy file cannot be used, so nobody may do anything.',
    zhTW: '政策檔案無法使用，因此任何人都不得執行任何操作。',
    next: {
      en: 'Correct the file; `fixpoint policy check <file>` names every mistake.',
      zhTW: '請修正該檔案；`fixpoint policy check <file>` 會列出所有錯誤。',
    },
  },
  'policy-file-ignored': {
    class: 'note',
    en: 'In production a policy file counts for nothing: two people admit the policy.',
    zhTW: '正式環境不採用政策檔案：政策須由兩人准許。',
    next: {
      en: 'Ask with `fixpoint policy admit FILE`, or remove the file.',
      zhTW: '請以 `fixpoint policy admit FILE` 提出，或移除檔案。',
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
  ...PRODUCTION,
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
  ...DOCTOR_DATABASE,
  ...DOCTOR_WORK,
} as const satisfies Readonly<Record<string, CodeEntry>>;
