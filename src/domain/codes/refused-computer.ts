import type { CodeEntry } from './entry.js';

/** Refusals about a computer: its files, profiles, sessions and policies. Nothing was changed. */
export const REFUSED_COMPUTER = {
  'reparse-point': {
    class: 'refused',
    en: 'A link was found where a plain folder or file is required. Nothing was changed.',
    zhTW: '應為一般資料夾或檔案的位置出現連結，未做任何變更。',
    next: { en: 'Find out who created the link.', zhTW: '請查明連結的建立者。' },
  },
  'path-outside-root': {
    class: 'refused',
    en: 'The runbook is not allowed to access this path.',
    zhTW: '此執行手冊不得存取這個路徑。',
    next: { en: 'Contact the runbook owner.', zhTW: '請聯絡執行手冊負責人。' },
  },
  'profile-unsupported': {
    class: 'refused',
    en: 'The user profile is roaming, temporary, mandatory, on a profile disk, or not where Windows reports it.',
    zhTW: '使用者設定檔為漫遊、暫時、強制或位於設定檔磁碟，或不在 Windows 回報的位置。',
    next: { en: 'Repair this computer by hand.', zhTW: '請以人工方式修復此電腦。' },
  },
  'wrong-logon-session': {
    class: 'refused',
    en: 'The session does not belong to the user named in the request.',
    zhTW: '此工作階段不屬於要求中指定的使用者。',
    next: {
      en: 'Check the user of the request and the setting `userSession` of the target.',
      zhTW: '請檢查要求中的使用者與目標的 `userSession` 設定。',
    },
  },
  'vault-policy': {
    class: 'refused',
    en: 'A policy of the computer does not allow stored credentials.',
    zhTW: '電腦的原則不允許儲存認證。',
    next: { en: 'Check the security policy of the computer.', zhTW: '請檢查電腦的安全性原則。' },
  },
  'constrained-language': {
    class: 'refused',
    en: 'An application control policy restricts PowerShell on this computer.',
    zhTW: '應用程式控制原則限制了這台電腦的 PowerShell。',
    next: {
      en: 'Allow the account of Fixpoint in that policy, or repair the computer by hand.',
      zhTW: '請在原則中允許 Fixpoint 的帳戶，或以人工方式修復電腦。',
    },
  },
  'module-missing': {
    class: 'refused',
    en: 'The computer or the runbook lacks a required module or component.',
    zhTW: '電腦或執行手冊缺少必要的模組或元件。',
    next: { en: 'Install the component named in the detail.', zhTW: '請安裝詳細資料中指出的元件。' },
  },
  'subject-mismatch': {
    class: 'refused',
    en: 'An older certificate on this computer was issued to another subject name.',
    zhTW: '此電腦上有一張較舊的憑證，其主體名稱不同。',
    next: {
      en: 'Read the warnings, then choose in the request how to handle that certificate.',
      zhTW: '請閱讀警告，並在要求中指定如何處理該憑證。',
    },
  },
  'protected-keys-present': {
    class: 'refused',
    en: 'The change would affect keys of encrypted files, mail or other programs.',
    zhTW: '此變更會影響加密檔案、郵件或其他程式的金鑰。',
    next: {
      en: 'Ask the user, record the consent, and name it in the request.',
      zhTW: '請徵得使用者同意、記錄同意，並在要求中註明。',
    },
  },
  'retention-running': {
    class: 'refused',
    en: 'The retention period of the quarantined items has not ended.',
    zhTW: '隔離項目的保留期限尚未結束。',
    next: {
      en: 'Submit again after the retention period (30 days for keys, counted from the end of the job).',
      zhTW: '請於保留期限後重新提交（金鑰為作業結束後 30 天）。',
    },
  },
  'clock-skew': {
    class: 'refused',
    en: 'The clock of the target differs from the clock of the worker by more than five minutes.',
    zhTW: '目標與工作程序的時鐘相差超過五分鐘。',
    next: {
      en: 'Synchronize the clock of the target (NTP) and submit again.',
      zhTW: '請以 NTP 校正目標的時間後重新提交。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
