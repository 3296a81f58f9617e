import type { CodeEntry } from './entry.js';

/** Why a rollout does not start more, and why a request about one is refused. */
export const ROLLOUTS = {
  'budget-exceeded': {
    class: 'job',
    en: 'More items of the rollout went wrong than its budget allows.',
    zhTW: '分批推出中出錯的項目超過失敗額度。',
    next: {
      en: 'Look at the items that are named. Resume the rollout without them with `fixpoint rollout resume --without`, signed by as many approvers as its list needed, or abort it.',
      zhTW: '請檢查列出的項目。核准人可排除這些項目後繼續，或中止推出。',
    },
  },
  'wave-not-proved': {
    class: 'job',
    en: 'Nothing of this wave was fixed, so it shows nothing about the fix.',
    zhTW: '此批次沒有任何項目被修正，無法證明修正有效。',
    next: {
      en: 'Look at the items of the wave. The next wave begins after `fixpoint rollout resume`, signed by as many approvers as the list needed.',
      zhTW: '請檢查此批次的項目，由核准人決定是否開始下一批次。',
    },
  },
  'approval-due': {
    class: 'job',
    en: 'The next wave of the rollout asks for an approval.',
    zhTW: '下一批次需要核准。',
    next: {
      en: 'As many approvers as the list needed resume it with `fixpoint rollout resume`.',
      zhTW: '請核准人繼續推出。',
    },
  },
  'rollout-too-large': {
    class: 'request',
    en: 'The rollout has more items than its risk allows.',
    zhTW: '分批推出的項目數超過其風險允許的上限。',
    next: {
      en: 'Divide it: at most 500 items, 50 of risk R2, 10 of risk R3.',
      zhTW: '請拆分：最多 500 項，風險 R2 最多 50 項，R3 最多 10 項。',
    },
  },
  'not-repeatable': {
    class: 'job',
    en: 'The plan holds a change that must not be made twice, which a rollout does not start.',
    zhTW: '計畫含有不可重複執行的變更，分批推出不會執行。',
    next: { en: 'Submit a request of its own for this target.', zhTW: '請為此目標另行提交要求。' },
  },
  'rollout-ended': {
    class: 'request',
    en: 'The rollout does not wait for this: it is not approved yet, runs already, or has ended.',
    zhTW: '分批推出目前不需要此操作：尚未核准、執行中或已結束。',
    next: {
      en: 'Read it with `fixpoint rollout show`. An approver continues a paused one with `fixpoint rollout resume`.',
      zhTW: '請以 `fixpoint rollout show` 檢視；已暫停者由核准人以 `fixpoint rollout resume` 繼續。',
    },
  },
  'not-paused': {
    class: 'request',
    en: 'The rollout has no such pause or item.',
    zhTW: '此分批推出沒有該暫停或項目。',
    next: { en: 'Read the rollout again, then name its pauses and items.', zhTW: '請重新讀取，再指定其暫停與項目。' },
  },
  'item-started': {
    class: 'request',
    en: 'At least one of these items was started, so it cannot be taken out.',
    zhTW: '其中至少有一個項目已開始，無法排除。',
    next: {
      en: 'To continue without its result, an approver resumes the paused rollout: `fixpoint rollout resume <id> --without <items>`.',
      zhTW: '若要不計其結果並繼續，請核准人執行 `fixpoint rollout resume <id> --without <items>`。',
    },
  },
  'rollout-not-found': {
    class: 'request',
    en: 'There is no such rollout.',
    zhTW: '沒有這個分批推出。',
    next: { en: 'Check the id with `fixpoint rollout list`.', zhTW: '請以 `fixpoint rollout list` 檢查識別碼。' },
  },
  'selection-empty': {
    class: 'request',
    en: 'The selection has no item.',
    zhTW: '選取範圍沒有任何項目。',
    next: { en: 'Correct the filter or the list.', zhTW: '請更正篩選條件或清單。' },
  },
  'selection-unbounded': {
    class: 'request',
    en: 'The filter has no condition, and would mean every target.',
    zhTW: '篩選條件為空，等於所有目標。',
    next: { en: 'Name sites, tags, tiers, kinds or names.', zhTW: '請指定站點、標籤、層級、類型或名稱。' },
  },
  'selection-unclear': {
    class: 'request',
    en: 'A rollout or scan is over a list of items, a filter, a selection, or, for a rollout, an earlier one: exactly one of them.',
    zhTW: '分批推出或掃描須指定項目清單、篩選條件或已儲存的選取；分批推出亦可指定先前的推出，只能擇一。',
    next: { en: 'Name one of them.', zhTW: '請擇一指定。' },
  },
  'selection-not-found': {
    class: 'request',
    en: 'There is no such selection.',
    zhTW: '沒有這個已儲存的選取。',
    next: {
      en: 'List the selections: `fixpoint selection list`.',
      zhTW: '請列出已儲存的選取：`fixpoint selection list`。',
    },
  },
  'selection-name-taken': {
    class: 'request',
    en: 'Another selection has this name.',
    zhTW: '已有同名的選取。',
    next: { en: 'Choose another name, or change the other selection.', zhTW: '請使用其他名稱，或修改該選取。' },
  },
  'count-mismatch': {
    class: 'request',
    en: 'The selection has another number of items than you expect.',
    zhTW: '選取的項目數與您輸入的不同。',
    next: {
      en: 'Read the detail, look at the selection, then type its number.',
      zhTW: '請查看詳細資料與選取範圍，再輸入其數量。',
    },
  },
  'declaration-refused': {
    class: 'request',
    en: 'The waves, budget or window of the rollout cannot be carried out.',
    zhTW: '分批推出的批次、失敗額度或時段無法執行。',
    next: { en: 'Correct what `errors` lists.', zhTW: '請更正 `errors` 所列的項目。' },
  },
  'rollout-refused': {
    class: 'request',
    en: 'At least one item of the rollout is refused, so nothing was stored.',
    zhTW: '分批推出中至少有一個項目遭拒，因此未儲存任何內容。',
    next: {
      en: 'Correct or remove every item that `errors` lists, then submit again.',
      zhTW: '請更正或移除 `errors` 所列的每個項目，再重新提交。',
    },
  },
  'not-for-rollouts': {
    class: 'request',
    en: 'The runbook makes no change that can be repeated, so it cannot be rolled out.',
    zhTW: '此執行手冊沒有可重複執行的變更，無法分批推出。',
    next: { en: 'Submit single requests.', zhTW: '請逐一提交要求。' },
  },
  'not-ended-rollout': {
    class: 'request',
    en: 'The rollout to repeat or to roll back has not ended.',
    zhTW: '要重試或復原的分批推出尚未結束。',
    next: {
      en: 'Abort it first (`fixpoint rollout abort <id>`), or wait until it ends.',
      zhTW: '請先中止它（`fixpoint rollout abort <id>`），或等待其結束。',
    },
  },
  'nothing-to-roll-back': {
    class: 'request',
    en: 'No item of the rollout can be rolled back, so nothing was stored.',
    zhTW: '分批推出中沒有可復原的項目，因此未儲存任何內容。',
    next: {
      en: 'Read `errors`: each item is named there with why it cannot be rolled back.',
      zhTW: '請查看 `errors`：其中列出每個項目無法復原的原因。',
    },
  },
  'rollback-not-ended': {
    class: 'request',
    en: 'The rollout is being rolled back already.',
    zhTW: '此分批推出正在復原。',
    next: {
      en: 'Follow the rollout that rolls it back; to begin anew, abort that one first.',
      zhTW: '請查看執行復原的分批推出；若要重新開始，請先中止它。',
    },
  },
  'rollout-is-rollback': {
    class: 'request',
    en: 'The rollout is a rollback itself: it is neither repeated nor rolled back.',
    zhTW: '此分批推出本身即為復原，無法重試或復原。',
    next: {
      en: 'To do what is left of it, roll the original rollout back again: what was put back is left out. To make the change again, submit a new rollout.',
      zhTW: '若要完成剩餘項目，請再次復原原來的分批推出，已復原者會略過；若要再次變更，請提交新的分批推出。',
    },
  },
  'list-changed': {
    class: 'request',
    en: 'The plans of the rollout have changed since you read them.',
    zhTW: '您讀取之後，分批推出的計畫已變更。',
    next: { en: 'Read the list again, then decide.', zhTW: '請重新讀取清單後再決定。' },
  },
  'too-many-rollouts': {
    class: 'request',
    en: 'You have too many rollouts that have not ended.',
    zhTW: '您尚未結束的分批推出過多。',
    next: { en: 'Wait until one ends, or abort one.', zhTW: '請等待其中一個結束，或中止其中一個。' },
  },
  'rollout-held': {
    class: 'job',
    en: 'The rollout of this job is paused or was aborted, so the job does not begin.',
    zhTW: '此作業所屬的分批推出已暫停或中止，因此不會開始。',
    next: {
      en: 'Read the rollout. If it is paused, the job begins once it is resumed; if it was aborted, the job never begins.',
      zhTW: '請檢視分批推出：若已暫停，繼續後即會開始；若已中止，則不會開始。',
    },
  },
  'of-a-rollout': {
    class: 'job',
    en: 'The job is an item of a rollout, which is decided as a whole.',
    zhTW: '此作業屬於分批推出，須整體決定。',
    next: {
      en: 'Decide on the rollout, or submit a request of its own for this target.',
      zhTW: '請對分批推出作出決定，或為此目標另行提交要求。',
    },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
