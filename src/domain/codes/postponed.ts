import type { CodeEntry } from './entry.js';

/** Codes of phases that make a job wait, or that say that a change was attempted and did not succeed. */
export const POSTPONED = {
  unreachable: {
    class: 'deferred',
    en: 'The target could not be reached.',
    zhTW: '無法連線到目標。',
    next: {
      en: 'No action is needed: Fixpoint retries at the time shown.',
      zhTW: '無須處理：Fixpoint 會在顯示的時間重試。',
    },
  },
  'winrm-quota': {
    class: 'deferred',
    en: 'WinRM on the target has as many sessions as it allows, or is busy.',
    zhTW: '目標的 WinRM 工作階段已達上限，或正在忙碌。',
    next: {
      en: 'No action is needed: Fixpoint retries at the time shown. If it lasts, look for sessions that others left open there.',
      zhTW: '無須處理：Fixpoint 會在顯示的時間重試。若持續發生，請查看目標上其他人未關閉的工作階段。',
    },
  },
  'user-not-logged-on': {
    class: 'deferred',
    en: 'The user is not signed in to the computer.',
    zhTW: '使用者未登入該電腦。',
    next: {
      en: 'Ask the user to sign in. Fixpoint retries at the time shown.',
      zhTW: '請使用者登入。Fixpoint 會在顯示的時間重試。',
    },
  },
  'user-session-busy': {
    class: 'deferred',
    en: "A previous step of this job is still running in the user's session.",
    zhTW: '此作業先前的步驟仍在使用者的工作階段中執行。',
    next: {
      en: 'No action is needed: Fixpoint retries at the time shown.',
      zhTW: '無須處理：Fixpoint 會在顯示的時間重試。',
    },
  },
  'user-logged-on': {
    class: 'deferred',
    en: 'Files of the signed-in user are open.',
    zhTW: '已登入使用者的檔案正在使用中。',
    next: {
      en: 'Ask the user to sign out. Fixpoint retries at the time shown.',
      zhTW: '請使用者登出。Fixpoint 會在顯示的時間重試。',
    },
  },
  'sync-busy': {
    class: 'deferred',
    en: 'A synchronization cycle is already running and may have read the directory too early.',
    zhTW: '同步週期正在執行，可能在變更之前就已讀取目錄。',
    next: {
      en: 'No action is needed: Fixpoint starts another cycle afterwards.',
      zhTW: '無須處理：Fixpoint 會在其結束後啟動另一個週期。',
    },
  },
  'scheduler-suspended': {
    class: 'deferred',
    en: 'The synchronization scheduler is suspended by its wizard or by an upgrade.',
    zhTW: '同步排程器因精靈開啟或升級而暫停。',
    next: {
      en: 'Close the wizard or finish the upgrade. Fixpoint retries at the time shown.',
      zhTW: '請關閉精靈或完成升級。Fixpoint 會在顯示的時間重試。',
    },
  },
  'directory-refused': {
    class: 'failed',
    en: 'The directory server rejected the change.',
    zhTW: '目錄伺服器拒絕了變更。',
    next: { en: 'Read the error in the output of the job.', zhTW: '請查看作業輸出中的錯誤。' },
  },
  'not-verified': {
    class: 'failed',
    en: 'The changes were made but could not be verified in time.',
    zhTW: '變更已完成，但未能在期限內驗證。',
    next: { en: 'Check the target.', zhTW: '請檢查目標。' },
  },
  'sync-propagation': {
    class: 'waiting',
    en: 'The synchronization has started and is not complete.',
    zhTW: '同步已經開始，尚未完成。',
    next: {
      en: 'No action is needed: Fixpoint checks again at the time shown.',
      zhTW: '無須處理：Fixpoint 會在顯示的時間再次檢查。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
