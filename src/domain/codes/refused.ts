import type { CodeEntry } from './entry.js';

/** Refusals that any runbook may raise. Nothing was changed. */
export const REFUSED = {
  'not-applicable': {
    class: 'refused',
    en: 'This runbook does not apply to this target.',
    zhTW: '此執行手冊不適用於這個目標。',
    next: { en: 'Choose another runbook or target.', zhTW: '請選擇其他執行手冊或目標。' },
  },
  inconclusive: {
    class: 'refused',
    en: 'Detection was inconclusive, so no plan was made.',
    zhTW: '偵測結果無法判定，因此沒有產生計畫。',
    next: { en: 'Check the target and the output of the job.', zhTW: '請檢查目標與作業輸出。' },
  },
  'state-drift': {
    class: 'refused',
    en: 'The target changed after the plan was made.',
    zhTW: '計畫產生後，目標已經改變。',
    next: { en: 'Review the new plan, or submit again.', zhTW: '請檢視新的計畫，或重新提交。' },
  },
  'invalid-value': {
    class: 'refused',
    en: 'A value is not allowed.',
    zhTW: '不允許這個值。',
    next: { en: 'Correct the value and submit again.', zhTW: '請修正後重新提交。' },
  },
  'access-denied': {
    class: 'refused',
    en: 'The credential lacks the required right. This step changed nothing.',
    zhTW: '認證缺少必要的權限，此步驟沒有變更任何內容。',
    next: { en: 'Grant the right listed in the README of the runbook.', zhTW: '請授與執行手冊 README 列出的權限。' },
  },
  'cap-exceeded': {
    class: 'refused',
    en: 'The request affects more objects than it allows.',
    zhTW: '受影響的物件數超過要求所允許的上限。',
    next: {
      en: 'Check the selection. If it is intended, raise the limit and submit again.',
      zhTW: '請檢查選取範圍；若符合預期，請提高上限後重新提交。',
    },
  },
  'precondition-missing': {
    class: 'refused',
    en: 'A required earlier step has no record for this user and target.',
    zhTW: '此使用者與目標沒有必要前置步驟的紀錄。',
    next: {
      en: 'Run the earlier step first, or give the reason in the waiver parameter.',
      zhTW: '請先執行前置步驟，或在豁免參數中說明原因。',
    },
  },
  'consent-missing': {
    class: 'refused',
    en: 'The required consent of the user is not recorded.',
    zhTW: '尚未記錄必要的使用者同意。',
    next: {
      en: 'Ask the user, then record the answer with `fixpoint consent add`.',
      zhTW: '請徵得使用者同意，再以 `fixpoint consent add` 記錄。',
    },
  },
  'malformed-output': {
    class: 'refused',
    en: 'The script returned an invalid value.',
    zhTW: '指令碼傳回無效的值。',
    next: { en: 'Contact the runbook owner.', zhTW: '請聯絡執行手冊負責人。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
