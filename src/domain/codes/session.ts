import type { CodeEntry } from './entry.js';

/** Why a session with a target was refused when it opened, before any phase. None of these is tried again: a person must act. */
export const SESSION = {
  'endpoint-restricted': {
    class: 'job',
    en: 'PowerShell on the target runs only fixed commands, not scripts.',
    zhTW: '目標的 PowerShell 只執行固定命令，不執行指令碼。',
    next: {
      en: 'Give the account of the credential an SSH subsystem in full language mode, without a session configuration that restricts it.',
      zhTW: '請為認證的帳戶提供完整語言模式的 SSH 子系統，且不使用限制性的工作階段設定。',
    },
  },
  'session-altered': {
    class: 'job',
    en: 'The session configuration of the target sets something that Fixpoint cannot reset.',
    zhTW: '目標的工作階段設定含有 Fixpoint 無法還原的設定。',
    next: {
      en: 'Remove what the detail names from the session configuration of the target and submit again.',
      zhTW: '請從目標的工作階段設定移除詳細資料所列的項目，再重新提交。',
    },
  },
  'session-refused': {
    class: 'job',
    en: 'PowerShell on the target refused the session.',
    zhTW: '目標的 PowerShell 拒絕了工作階段。',
    next: {
      en: 'Read the detail and correct the session configuration of the target.',
      zhTW: '請查看詳細資料，並修正目標的工作階段設定。',
    },
  },
  'powershell-too-old': {
    class: 'job',
    en: 'The version of PowerShell on the target is not supported.',
    zhTW: '目標的 PowerShell 版本不受支援。',
    next: { en: 'Install PowerShell 7 on the target.', zhTW: '請在目標安裝 PowerShell 7。' },
  },
  'text-before-powershell': {
    class: 'job',
    en: 'The target sent other text before PowerShell answered.',
    zhTW: '目標在 PowerShell 回應前傳送了其他文字。',
    next: {
      en: 'Remove what prints the text in the detail: a profile of the login shell, ForceCommand, or the program of the subsystem.',
      zhTW: '請移除輸出詳細資料中文字的來源：登入殼層的設定檔、ForceCommand 或子系統的程式。',
    },
  },
  'ssh-error': {
    class: 'job',
    en: 'SSH reported an error that does not pass by itself.',
    zhTW: 'SSH 回報了不會自行消失的錯誤。',
    next: {
      en: 'Correct what the detail says, on the target or on the worker, and submit again.',
      zhTW: '請依詳細資料修正目標或工作程序，再重新提交。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
