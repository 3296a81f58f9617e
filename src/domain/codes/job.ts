import type { CodeEntry } from './entry.js';

/** Why a job is in its state: outcomes, interruptions and waits that Fixpoint itself reports. */
export const JOB = {
  'script-error': {
    class: 'job',
    en: 'The script failed.',
    zhTW: '指令碼執行失敗。',
    next: { en: 'Read the error in the output of the job.', zhTW: '請查看作業輸出中的錯誤。' },
  },
  'output-limit': {
    class: 'job',
    en: 'The target sent more output than Fixpoint accepts.',
    zhTW: '目標傳送的輸出超過 Fixpoint 的上限。',
    next: { en: 'Contact the runbook owner.', zhTW: '請聯絡執行手冊負責人。' },
  },
  'deferral-expired': {
    class: 'job',
    en: 'The target did not become ready before the deadline.',
    zhTW: '目標未能在期限前就緒。',
    next: { en: 'Submit again when the target is ready.', zhTW: '請在目標就緒後重新提交。' },
  },
  'host-key-changed': {
    class: 'job',
    en: 'The SSH host key of the target differs from the one in the inventory.',
    zhTW: '目標的 SSH 主機金鑰與資產清單中的不同。',
    next: { en: 'Find out why before you change the inventory.', zhTW: '變更資產清單前，請先查明原因。' },
  },
  'sign-in-refused': {
    class: 'job',
    en: 'The target refused the credential. Fixpoint does not retry, so that the account is not locked.',
    zhTW: '目標拒絕了認證。為避免帳戶遭鎖定，Fixpoint 不會重試。',
    next: { en: 'Correct the credential of the worker and submit again.', zhTW: '請修正工作程序的認證後重新提交。' },
  },
  'no-powershell': {
    class: 'job',
    en: 'The target offers no working PowerShell subsystem over SSH.',
    zhTW: '目標沒有可用的 SSH PowerShell 子系統。',
    next: { en: 'Correct the subsystem in sshd_config of the target.', zhTW: '請修正目標 sshd_config 中的子系統。' },
  },
  'ssh-unusable': {
    class: 'job',
    en: 'The SSH client of the worker cannot connect to any target as it is installed.',
    zhTW: '工作程序的 SSH 用戶端安裝有問題，無法連線到目標。',
    next: {
      en: 'Correct what the detail names on the machine of the worker, then submit again.',
      zhTW: '請在工作程序的電腦上修正詳細資料所列的問題，再重新提交。',
    },
  },
  'setting-missing': {
    class: 'job',
    en: 'The target lacks a setting that the runbook needs.',
    zhTW: '目標缺少執行手冊所需的設定。',
    next: {
      en: 'Add the setting named in the detail to the target and submit again.',
      zhTW: '請在目標加入詳細資料所列的設定，再重新提交。',
    },
  },
  'outcome-unknown-once': {
    class: 'job',
    en: 'The outcome of a non-repeatable change is unknown.',
    zhTW: '無法得知一項不可重複之變更的結果。',
    next: {
      en: 'Check the target, then run `fixpoint job resolve`.',
      zhTW: '請檢查目標，再執行 `fixpoint job resolve`。',
    },
  },
  'outcome-unknown': {
    class: 'job',
    en: 'Fixpoint could not determine what happened on the target.',
    zhTW: 'Fixpoint 無法判定目標上發生的情況。',
    next: {
      en: 'Check the target, then run `fixpoint job resolve`.',
      zhTW: '請檢查目標，再執行 `fixpoint job resolve`。',
    },
  },
  'worker-lost': {
    class: 'job',
    en: 'The worker stopped responding.',
    zhTW: '工作程序停止回應。',
    next: {
      en: 'No action is needed: Fixpoint checks the target to find out what was applied.',
      zhTW: '無須處理：Fixpoint 會檢查目標以判定已套用的變更。',
    },
  },
  'worker-stopped': {
    class: 'job',
    en: 'The worker was shutting down.',
    zhTW: '工作程序正在關閉。',
    next: {
      en: 'No action is needed: another worker resumes the job automatically.',
      zhTW: '無須處理：另一個工作程序會自動接續。',
    },
  },
  'database-unavailable': {
    class: 'job',
    en: 'The database was unavailable when a change finished.',
    zhTW: '變更完成時，資料庫無法使用。',
    next: {
      en: 'No action is needed: Fixpoint checks the target and resumes the job.',
      zhTW: '無須處理：Fixpoint 會檢查目標並接續作業。',
    },
  },
  'link-lost': {
    class: 'job',
    en: 'The connection to the target was lost while a change was in progress.',
    zhTW: '變更進行中，與目標的連線中斷。',
    next: {
      en: 'No action is needed: Fixpoint checks the target to find out what was applied.',
      zhTW: '無須處理：Fixpoint 會檢查目標以判定已套用的變更。',
    },
  },
  'timed-out': {
    class: 'job',
    en: 'A change did not finish in time.',
    zhTW: '變更未能在時限內完成。',
    next: {
      en: 'No action is needed: Fixpoint checks the target to find out what was applied.',
      zhTW: '無須處理：Fixpoint 會檢查目標以判定已套用的變更。',
    },
  },
  'phase-overran': {
    class: 'job',
    en: 'A phase that only reads did not finish in the time that the runbook allows. It was stopped and nothing was changed.',
    zhTW: '唯讀階段未在執行手冊允許的時間內完成，已停止，未做任何變更。',
    next: {
      en: 'Check the load of the target, then contact the runbook owner.',
      zhTW: '請檢查目標的負載，再聯絡執行手冊負責人。',
    },
  },
  'host-unavailable': {
    class: 'job',
    en: 'The PowerShell engine ended while a change was in progress.',
    zhTW: '變更進行中，PowerShell 引擎結束。',
    next: {
      en: 'No action is needed: Fixpoint checks the target to find out what was applied.',
      zhTW: '無須處理：Fixpoint 會檢查目標以判定已套用的變更。',
    },
  },
  'engine-unavailable': {
    class: 'job',
    en: 'The PowerShell engine of the worker could not be used.',
    zhTW: '工作程序的 PowerShell 引擎無法使用。',
    next: {
      en: 'Run `fixpoint doctor` on the worker. Fixpoint retries at the time shown.',
      zhTW: '請在工作程序執行 `fixpoint doctor`。Fixpoint 會在顯示的時間重試。',
    },
  },
  parked: {
    class: 'job',
    en: 'This job crashed its worker repeatedly and was stopped.',
    zhTW: '此作業多次使工作程序當機，已停止執行。',
    next: { en: 'Check the target and contact the runbook owner.', zhTW: '請檢查目標，並聯絡執行手冊負責人。' },
  },
  'resolved-in-place': {
    class: 'job',
    en: 'A person reported that the changes are in place.',
    zhTW: '有人回報變更已就位。',
    next: {
      en: 'No action is needed: Fixpoint verifies the target before the job ends.',
      zhTW: '無須處理：Fixpoint 會在作業結束前驗證目標。',
    },
  },
  'resolution-not-verified': {
    class: 'job',
    en: 'A person reported that the changes are in place, but the target does not show them.',
    zhTW: '有人回報變更已就位，但目標並未顯示。',
    next: {
      en: 'Check the target again, then run `fixpoint job resolve`.',
      zhTW: '請再次檢查目標，再執行 `fixpoint job resolve`。',
    },
  },
  'not-in-place': {
    class: 'job',
    en: 'A person checked the target and found that the changes are not in place.',
    zhTW: '有人檢查目標，確認變更未就位。',
    next: { en: 'Submit again if the changes are still wanted.', zhTW: '若仍需要這些變更，請重新提交。' },
  },
  'object-locked': {
    class: 'job',
    en: 'Another job is working on the same object.',
    zhTW: '另一個作業正在處理同一個物件。',
    next: { en: 'No action is needed: the job resumes automatically.', zhTW: '無須處理：作業會自動接續。' },
  },
  frozen: {
    class: 'job',
    en: 'A global freeze is active.',
    zhTW: '全域凍結生效中。',
    next: {
      en: 'Wait until the freeze is lifted. Waiting jobs then resume automatically.',
      zhTW: '請等待凍結解除，等待中的作業會自動接續。',
    },
  },
  'in-maintenance': {
    class: 'job',
    en: 'The target is in maintenance.',
    zhTW: '目標正在維護中。',
    next: {
      en: 'No action is needed: Fixpoint retries when the maintenance ends, until the deadline of the job.',
      zhTW: '無須處理：Fixpoint 會在維護結束後重試，直到作業的期限為止。',
    },
  },
  'database-restored': {
    class: 'job',
    en: 'The database was restored from a backup while this job was active, so its current state is unknown.',
    zhTW: '此作業進行中時資料庫自備份還原，因此目前狀態不明。',
    next: {
      en: 'Check the target, then submit again if the change is still wanted.',
      zhTW: '請檢查目標；若仍需要此變更，請重新提交。',
    },
  },
  rejected: {
    class: 'job',
    en: 'An approver rejected the plan.',
    zhTW: '核准者已退回計畫。',
    next: { en: 'Read the reason in the detail.', zhTW: '請查看詳細資料中的原因。' },
  },
  superseded: {
    class: 'job',
    en: 'A newer request replaced this job.',
    zhTW: '較新的要求已取代此作業。',
    next: { en: 'No action is needed: the newer job names this one.', zhTW: '無須處理：較新的作業會註明此作業。' },
  },
  cancelled: {
    class: 'job',
    en: 'The job was cancelled.',
    zhTW: '作業已取消。',
    next: { en: 'Submit again if the change is still wanted.', zhTW: '若仍需要此變更，請重新提交。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
