import type { CodeEntry } from './entry.js';

/** Why a job may not be executed: its runbook, target, credential, plan, approval or grant is not what was approved. */
export const AUTHORITY = {
  'credential-out-of-scope': {
    class: 'job',
    en: 'The credential may not be used for this target.',
    zhTW: '此認證不得用於這個目標。',
    next: { en: "Check its scope in the worker's credentials file.", zhTW: '請檢查工作程序認證檔中的使用範圍。' },
  },
  'credential-unavailable': {
    class: 'job',
    en: 'The worker could not read the credential.',
    zhTW: '工作程序無法讀取認證。',
    next: {
      en: "Check the worker's credentials file and the secret it names.",
      zhTW: '請檢查工作程序的認證檔及其指定的密碼。',
    },
  },
  'credential-changed': {
    class: 'job',
    en: 'The credential refers to another secret or user than when the plan was made.',
    zhTW: '計畫建立後，認證所代表的密碼或使用者已變更。',
    next: { en: 'Submit again.', zhTW: '請重新提交。' },
  },
  'runbook-missing': {
    class: 'job',
    en: 'The version of the runbook that this job uses is not stored.',
    zhTW: '此作業使用的執行手冊版本不存在。',
    next: { en: 'Submit again with the current version of the runbook.', zhTW: '請以目前版本的執行手冊重新提交。' },
  },
  'runbook-changed': {
    class: 'job',
    en: 'The stored runbook differs from the approved one.',
    zhTW: '儲存的執行手冊與核准的版本不同。',
    next: { en: 'Find out who changed the database, then submit again.', zhTW: '請查明資料庫由誰變更，再重新提交。' },
  },
  'runbook-not-admitted': {
    class: 'job',
    en: 'Nobody admitted this version of the runbook, so it does not run.',
    zhTW: '此版本的執行手冊未經准許，因此不會執行。',
    next: {
      en: 'Ask two people to admit it with `fixpoint runbook admit`.',
      zhTW: '請由兩人以 `fixpoint runbook admit` 准許。',
    },
  },
  'gate-refused': {
    class: 'job',
    en: "The gate of this worker's engine refuses a script of the runbook. Nothing of it was run.",
    zhTW: '此工作程序的引擎拒絕執行手冊中的指令碼，未執行任何步驟。',
    next: {
      en: 'Contact the runbook owner: the detail names the line. Two people admit a corrected version.',
      zhTW: '請聯絡執行手冊負責人（詳細資料列出行號），並由兩人准許修正後的版本。',
    },
  },
  'runbook-disabled': {
    class: 'job',
    en: 'The runbook is disabled.',
    zhTW: '此執行手冊已停用。',
    next: {
      en: 'Ask who disabled it; two people enable it with `fixpoint runbook enable`.',
      zhTW: '請詢問停用者；兩人可用 `fixpoint runbook enable` 啟用。',
    },
  },
  'admission-revoked': {
    class: 'job',
    en: 'The admission of this version of the runbook was revoked.',
    zhTW: '此版本執行手冊的准許已撤銷。',
    next: { en: 'Submit again with the current version of the runbook.', zhTW: '請以目前版本的執行手冊重新提交。' },
  },
  'admission-expired': {
    class: 'job',
    en: 'The admission of this version of the runbook has expired.',
    zhTW: '此版本執行手冊的准許已過期。',
    next: {
      en: 'Ask two people to admit it again with `fixpoint runbook admit`.',
      zhTW: '請由兩人以 `fixpoint runbook admit` 重新准許。',
    },
  },
  'admission-invalid': {
    class: 'job',
    en: 'The admission of the runbook is not valid: its signature, its version or its time does not fit.',
    zhTW: '執行手冊的准許無效：簽章、版本或時間不符。',
    next: {
      en: 'Check the keys with `fixpoint doctor` and verify the audit log.',
      zhTW: '請以 `fixpoint doctor` 檢查金鑰，並驗證稽核記錄。',
    },
  },
  'target-changed': {
    class: 'job',
    en: 'The inventory entry of the target changed after the request.',
    zhTW: '提出要求後，目標的資產清單項目已變更。',
    next: { en: 'Submit again.', zhTW: '請重新提交。' },
  },
  'target-removed': {
    class: 'job',
    en: 'The target is no longer in the inventory.',
    zhTW: '目標已不在資產清單中。',
    next: { en: 'Add the target again, then submit again.', zhTW: '請重新加入目標，再重新提交。' },
  },
  'target-not-admitted': {
    class: 'job',
    en: 'Nobody admitted the target as it stands in the inventory, so nothing runs on it.',
    zhTW: '目標目前在資產清單中的內容未經准許，因此不會在其上執行任何工作。',
    next: {
      en: 'Ask for it with `fixpoint target admit <target> --reason ...`; another person confirms it. If nobody changed it on purpose, find out who did.',
      zhTW: '請以 `fixpoint target admit <target> --reason ...` 提出，再由另一人確認。若無人有意變更，請查明由誰變更。',
    },
  },
  'plan-changed': {
    class: 'job',
    en: 'The plan has changed.',
    zhTW: '計畫已變更。',
    next: { en: 'Review the new plan and decide again.', zhTW: '請檢視新的計畫並重新決定。' },
  },
  'plan-outdated': {
    class: 'job',
    en: 'The plan does not say who asked for what, or under which admission of the runbook it was made.',
    zhTW: '此計畫未載明由誰要求什麼，或依執行手冊的哪一項准許建立。',
    next: { en: 'Reject it and submit again.', zhTW: '請駁回此計畫並重新提交。' },
  },
  'request-changed': {
    class: 'job',
    en: 'The stored request differs from the one that was submitted or approved.',
    zhTW: '儲存的要求與提交或核准的不同。',
    next: { en: 'Find out who changed the database, then submit again.', zhTW: '請查明資料庫由誰變更，再重新提交。' },
  },
  'parameters-changed': {
    class: 'job',
    en: 'The stored parameters differ from the approved ones.',
    zhTW: '儲存的參數與核准的不同。',
    next: { en: 'Find out who changed the database, then submit again.', zhTW: '請查明資料庫由誰變更，再重新提交。' },
  },
  'grant-invalid': {
    class: 'job',
    en: 'The signature or content of the grant is not valid. Nothing was executed.',
    zhTW: '執行授權的簽章或內容無效，未執行任何動作。',
    next: {
      en: 'Check the keys with `fixpoint doctor` and verify the audit log.',
      zhTW: '請以 `fixpoint doctor` 檢查金鑰，並驗證稽核記錄。',
    },
  },
  'grant-missing': {
    class: 'job',
    en: 'The job has no grant. Nothing was executed.',
    zhTW: '此作業沒有執行授權，未執行任何動作。',
    next: { en: 'Submit again and have the plan approved.', zhTW: '請重新提交並取得計畫核准。' },
  },
  'grant-revoked': {
    class: 'job',
    en: 'The grant was revoked. Nothing more was executed.',
    zhTW: '執行授權已撤銷，未再執行任何動作。',
    next: { en: 'Submit again if the change is still wanted.', zhTW: '若仍需要此變更，請重新提交。' },
  },
  'grant-expired': {
    class: 'job',
    en: 'The job did not finish within its approved time window.',
    zhTW: '作業未能在核准的時間範圍內完成。',
    next: { en: 'Submit again.', zhTW: '請重新提交。' },
  },
  'grant-used': {
    class: 'job',
    en: 'The grant was already used. Nothing was executed.',
    zhTW: '執行授權已使用過，未執行任何動作。',
    next: { en: 'Submit again if the change is still wanted.', zhTW: '若仍需要此變更，請重新提交。' },
  },
  'approvals-missing': {
    class: 'job',
    en: 'The grant does not name enough approvers.',
    zhTW: '執行授權的核准者人數不足。',
    next: { en: 'Verify the audit log, then submit again.', zhTW: '請驗證稽核記錄，再重新提交。' },
  },
  'not-covered': {
    class: 'job',
    en: 'The standing approval does not cover this job any more.',
    zhTW: '常設核准已不涵蓋此作業。',
    next: {
      en: 'Read the detail; submit again and have the plan approved.',
      zhTW: '請檢視詳細資料，重新提交並由人員核准計畫。',
    },
  },
  'approval-expired': {
    class: 'job',
    en: 'The approval window has expired.',
    zhTW: '核准期限已過。',
    next: { en: 'Submit again.', zhTW: '請重新提交。' },
  },
  'requester-lost-rights': {
    class: 'job',
    en: 'The requester no longer has the right to run this job.',
    zhTW: '申請者已無權執行此作業。',
    next: { en: 'Ask a person with that right to submit again.', zhTW: '請具備權限的人員重新提交。' },
  },
  'approver-lost-rights': {
    class: 'job',
    en: 'An approver no longer has the right to approve this job.',
    zhTW: '有核准者已無權核准此作業。',
    next: {
      en: 'Submit again and have the plan approved by another person.',
      zhTW: '請重新提交，並由其他人員核准計畫。',
    },
  },
  'own-request': {
    class: 'job',
    en: 'Requesters may not approve their own requests.',
    zhTW: '申請者不得核准自己的要求。',
    next: { en: 'Ask another person to approve it.', zhTW: '請由其他人員核准。' },
  },
  'not-an-approver': {
    class: 'job',
    en: 'You are not an approver for this runbook and target.',
    zhTW: '您不是此執行手冊與目標的核准者。',
    next: { en: 'Ask an approver to decide.', zhTW: '請由核准者決定。' },
  },
  'proof-invalid': {
    class: 'job',
    en: 'The token of the decision was not valid when the decision was made.',
    zhTW: '作出決定時，所用的權杖無效。',
    next: { en: 'Sign in with a valid personal token and decide again.', zhTW: '請以有效的個人權杖登入並重新決定。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
