import type { CodeEntry } from './entry.js';

/** Why a session with a target was refused when it opened, before any phase. None of these is tried again: a person must act. */
export const SESSION = {
  'endpoint-restricted': {
    class: 'job',
    en: 'PowerShell on the target runs only fixed commands, not scripts.',
    zhTW: '目標的 PowerShell 只執行固定命令，不執行指令碼。',
    next: {
      en: 'Give the account of the credential a session in full language mode: an SSH subsystem, or over WinRM a session configuration (docs/guides/jea.md).',
      zhTW: '請為認證的帳戶提供完整語言模式的工作階段：SSH 子系統，或透過 WinRM 的工作階段設定（docs/guides/jea.md）。',
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
    next: {
      en: 'Install PowerShell 7 on the target. Over WinRM Windows PowerShell 5.1 is enough.',
      zhTW: '請在目標安裝 PowerShell 7。透過 WinRM 時，Windows PowerShell 5.1 即可。',
    },
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
  'certificate-not-trusted': {
    class: 'job',
    en: 'The certificate of the target is not the one that its inventory entry trusts.',
    zhTW: '目標的憑證不是資產清單所信任的憑證。',
    next: {
      en: 'Read the detail: correct the authority or the fingerprint of the target, or find out who answers in its place.',
      zhTW: '請查看詳細資料：修正目標的憑證授權單位或指紋，或查明是誰代替目標回應。',
    },
  },
  'endpoint-denied': {
    class: 'job',
    en: 'The target refused the account access to the session configuration.',
    zhTW: '此帳戶無權開啟目標上的工作階段設定。',
    next: {
      en: 'Allow the account in the session configuration of the target, or add it to its group Remote Management Users.',
      zhTW: '請在目標的工作階段設定中允許此帳戶，或將其加入 Remote Management Users 群組。',
    },
  },
  'endpoint-missing': {
    class: 'job',
    en: 'The target has no session configuration of this name.',
    zhTW: '目標沒有此名稱的工作階段設定。',
    next: {
      en: 'Register the session configuration on the target, or correct its name in the inventory.',
      zhTW: '請在目標註冊該工作階段設定，或修正資產清單中的名稱。',
    },
  },
  'insecure-transport': {
    class: 'job',
    en: 'What was to be sent or was answered would not have been protected, so Fixpoint ended the connection.',
    zhTW: '傳送或回應的內容將不受保護，因此 Fixpoint 結束了連線。',
    next: {
      en: 'Use TLS for this way of signing in. If the target answered in clear, find out what stands between it and the worker.',
      zhTW: '此登入方式請使用 TLS。若目標以明文回應，請查明目標與工作程序之間的設備。',
    },
  },
  'winrm-error': {
    class: 'job',
    en: 'The target answered over WinRM what is not allowed by its protocol.',
    zhTW: '目標透過 WinRM 的回應不符合通訊協定。',
    next: {
      en: 'Read the detail: find out whether the port belongs to WinRM, and what stands between the target and the worker.',
      zhTW: '請查看詳細資料，確認該連接埠屬於 WinRM，並查明目標與工作程序之間的設備。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
