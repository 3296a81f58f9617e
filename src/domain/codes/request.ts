import type { CodeEntry } from './entry.js';

/** Why the API refused a request because of the state or the rights of what it names. */
export const REQUEST = {
  'not-allowed': {
    class: 'request',
    en: 'You do not have the right to do this.',
    zhTW: '您沒有執行此動作的權限。',
    next: { en: 'Ask an administrator for the required role.', zhTW: '請向系統管理員申請所需的角色。' },
  },
  'service-token': {
    class: 'request',
    en: 'A service token cannot make decisions.',
    zhTW: '服務權杖不得作出決定。',
    next: { en: 'Sign in with a personal token.', zhTW: '請以個人權杖登入。' },
  },
  'separation-of-duties': {
    class: 'request',
    en: 'A person who requested or approved this job may not resolve it.',
    zhTW: '申請或核准此作業的人員不得進行處置。',
    next: { en: 'Ask another person to resolve it.', zhTW: '請由其他人員處置。' },
  },
  'local-refused': {
    class: 'request',
    en: 'Transport local is only for tests.',
    zhTW: 'local 傳輸僅供測試使用。',
    next: { en: 'Use an SSH or LDAPS target.', zhTW: '請使用 SSH 或 LDAPS 目標。' },
  },
  'runbook-not-found': {
    class: 'request',
    en: 'There is no runbook with this id.',
    zhTW: '沒有這個識別碼的執行手冊。',
    next: { en: 'List the runbooks: GET /v1/runbooks.', zhTW: '請列出執行手冊：GET /v1/runbooks。' },
  },
  'runbook-unreadable': {
    class: 'request',
    en: 'The files hold no runbook: one manifest that this version accepts is needed, and no path may come twice.',
    zhTW: '這些檔案不是執行手冊：需要一份此版本接受的資訊清單，且路徑不得重複。',
    next: {
      en: 'Check the folder: `fixpoint runbook check FOLDER`.',
      zhTW: '請檢查資料夾：`fixpoint runbook check FOLDER`。',
    },
  },
  'runbook-refused': {
    class: 'request',
    en: 'The runbook breaks a rule, so it cannot be admitted.',
    zhTW: '此執行手冊違反規則，無法准許。',
    next: {
      en: 'Check the folder: `fixpoint runbook check FOLDER`.',
      zhTW: '請檢查資料夾：`fixpoint runbook check FOLDER`。',
    },
  },
  'version-needed': {
    class: 'request',
    en: 'A version is revoked by its content digest.',
    zhTW: '撤銷版本時必須指定內容摘要。',
    next: {
      en: 'Name it: `fixpoint runbook show ID` prints it.',
      zhTW: '請指定摘要：`fixpoint runbook show ID` 會列出。',
    },
  },
  'version-changed': {
    class: 'request',
    en: 'What is asked for differs from what you read.',
    zhTW: '要求的內容與您檢視的不同。',
    next: { en: 'Read the request again, then decide.', zhTW: '請重新檢視要求再決定。' },
  },
  'request-ended': {
    class: 'request',
    en: 'The request does not wait for a second person.',
    zhTW: '此要求並未等待第二人確認。',
    next: {
      en: 'List the requests: `fixpoint runbook requests`, or those of targets or policy.',
      zhTW: '請列出要求：`fixpoint runbook requests`。',
    },
  },
  'job-not-found': {
    class: 'request',
    en: 'The job does not exist, or you may not see it.',
    zhTW: '作業不存在，或您無權檢視。',
    next: { en: 'Check the id of the job.', zhTW: '請檢查作業的識別碼。' },
  },
  'person-not-found': {
    class: 'request',
    en: 'There is no person with this id.',
    zhTW: '沒有這個識別碼的人員。',
    next: { en: 'List the people: `fixpoint person list`.', zhTW: '請列出人員：`fixpoint person list`。' },
  },
  'not-found': {
    class: 'request',
    en: 'Not found.',
    zhTW: '找不到。',
    next: { en: 'Check the address.', zhTW: '請檢查位址。' },
  },
  'batch-refused': {
    class: 'request',
    en: 'At least one request of the batch is refused, so no job was created.',
    zhTW: '批次中至少有一個要求遭拒，因此未建立任何作業。',
    next: {
      en: 'Correct or remove every member that `errors` lists, then send the batch with a new key.',
      zhTW: '請更正或移除 `errors` 所列的每個項目，再以新的金鑰送出批次。',
    },
  },
  'duplicate-member': {
    class: 'request',
    en: 'An earlier member of the batch asks for the same.',
    zhTW: '批次中較前的項目已提出相同的要求。',
    next: { en: 'Remove one of the two.', zhTW: '請移除其中一個。' },
  },
  'target-kind': {
    class: 'request',
    en: 'The runbook does not run on this kind of target.',
    zhTW: '此執行手冊不適用於這類目標。',
    next: { en: 'Choose a target of a kind that the runbook lists.', zhTW: '請選擇執行手冊所列類型的目標。' },
  },
  'execute-by': {
    class: 'request',
    en: "executeBy must be in the future, and within the runbook's limit and the window of the job.",
    zhTW: 'executeBy 必須是未來的時間，且在執行手冊的上限與作業的時段之內。',
    next: { en: 'Correct executeBy and decide again.', zhTW: '請修正 executeBy 後重新決定。' },
  },
  'window-refused': {
    class: 'request',
    en: 'The request names a window in which a job cannot run.',
    zhTW: '要求所指定的執行時段無法使用。',
    next: { en: 'Correct the window as the detail says.', zhTW: '請依詳細資料修正時段。' },
  },
  'not-awaiting-approval': {
    class: 'request',
    en: 'The job is not awaiting approval.',
    zhTW: '此作業並非等待核准。',
    next: { en: 'Read the job again.', zhTW: '請重新讀取作業。' },
  },
  'already-decided': {
    class: 'request',
    en: 'You already decided on this plan.',
    zhTW: '您已對此計畫作出決定。',
    next: { en: 'Wait for the other approvers.', zhTW: '請等待其他核准者。' },
  },
  'already-ended': {
    class: 'request',
    en: 'The job has already ended.',
    zhTW: '作業已經結束。',
    next: { en: 'Request a rollback if the changes are not wanted.', zhTW: '若不需要這些變更，請申請復原。' },
  },
  'not-ended': {
    class: 'request',
    en: 'The job has not ended.',
    zhTW: '作業尚未結束。',
    next: { en: 'Wait until the job ends, or cancel it.', zhTW: '請等待作業結束，或取消作業。' },
  },
  'nothing-to-undo': {
    class: 'request',
    en: 'The job made no change that can be rolled back.',
    zhTW: '此作業沒有可復原的變更。',
    next: { en: 'Check the changes of the job.', zhTW: '請檢查作業的變更。' },
  },
  'undo-incomplete': {
    class: 'request',
    en: 'The record does not say completely what the job changed, so it cannot be put back.',
    zhTW: '紀錄未完整記載此作業的變更，因此無法復原。',
    next: {
      en: 'Look at the changes of the job and at its target, then submit a job that sets the values you want.',
      zhTW: '請檢查作業的變更與目標，再提交設定所需值的作業。',
    },
  },
  'already-rolled-back': {
    class: 'request',
    en: 'The job was rolled back already.',
    zhTW: '此作業已經復原。',
    next: { en: 'Check the job that rolled it back.', zhTW: '請檢查復原它的作業。' },
  },
  'values-erased': {
    class: 'request',
    en: 'The values of the job were erased.',
    zhTW: '此作業的值已清除。',
    next: {
      en: 'The old values are not stored any more: submit a job that sets the values you want.',
      zhTW: '舊值已不再儲存：請提交設定所需值的作業。',
    },
  },
  'no-rollback': {
    class: 'request',
    en: 'This runbook cannot be rolled back.',
    zhTW: '此執行手冊無法復原。',
    next: { en: 'Read the detail and the README of the runbook.', zhTW: '請閱讀詳細資料與執行手冊的 README。' },
  },
  'not-needing-attention': {
    class: 'request',
    en: 'The job does not need attention.',
    zhTW: '此作業不需要人工處置。',
    next: { en: 'Read the job again.', zhTW: '請重新讀取作業。' },
  },
  'not-supersedable': {
    class: 'request',
    en: 'The job to replace is not yours or is no longer awaiting approval.',
    zhTW: '要取代的作業不屬於您，或已不在等待核准。',
    next: { en: 'Submit the request without `supersedes`.', zhTW: '請提交不含 `supersedes` 的要求。' },
  },
  'duplicate-event': {
    class: 'request',
    en: 'This event was already recorded.',
    zhTW: '此事件已記錄。',
    next: { en: 'Read the job again.', zhTW: '請重新讀取作業。' },
  },
  'etag-mismatch': {
    class: 'request',
    en: 'Another person changed the entry in the meantime.',
    zhTW: '其他人員已變更此項目。',
    next: { en: 'Read the entry again and repeat the change.', zhTW: '請重新讀取項目後再變更。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
