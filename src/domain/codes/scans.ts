import type { CodeEntry } from './entry.js';

/** Why a request about a scan is refused, and why nothing can be done with a job of one. */
export const SCANS = {
  'scan-only': {
    class: 'job',
    en: 'The job is an item of a scan, which reads only: nothing of it can be approved or carried out.',
    zhTW: '此作業屬於掃描，僅供讀取，無法核准或執行。',
    next: {
      en: 'Submit a request or a rollout for what drifted. It is planned anew.',
      zhTW: '請對偏離的目標提交要求或分批推出，系統會重新產生計畫。',
    },
  },
  'scan-not-found': {
    class: 'request',
    en: 'There is no such scan.',
    zhTW: '沒有這個掃描。',
    next: { en: 'Check the id with `fixpoint scan list`.', zhTW: '請以 `fixpoint scan list` 檢查識別碼。' },
  },
  'scan-ended': {
    class: 'request',
    en: 'Every item of the scan has ended.',
    zhTW: '掃描的所有項目都已結束。',
    next: { en: 'Read what it found with `fixpoint scan show`.', zhTW: '請以 `fixpoint scan show` 檢視結果。' },
  },
  'scan-refused': {
    class: 'request',
    en: 'At least one item of the scan is refused, so nothing was stored.',
    zhTW: '掃描中至少有一個項目遭拒，因此未儲存任何內容。',
    next: {
      en: 'Correct or remove every item that `errors` lists, then submit again.',
      zhTW: '請更正或移除 `errors` 所列的每個項目，再重新提交。',
    },
  },
  'scan-too-large': {
    class: 'request',
    en: 'The scan has more than 500 items.',
    zhTW: '掃描的項目超過 500 個。',
    next: { en: 'Divide it.', zhTW: '請拆分。' },
  },
  'too-many-scans': {
    class: 'request',
    en: 'You have too many scans that have not ended.',
    zhTW: '您尚未結束的掃描過多。',
    next: { en: 'Wait until one ends.', zhTW: '請等待其中一個結束。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
