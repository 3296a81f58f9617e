import type { CodeEntry } from './entry.js';

/** Why the API refused a change of the inventory. */
export const INVENTORY = {
  'admission-required': {
    class: 'request',
    en: 'In production two people change the inventory, so it was not changed.',
    zhTW: '正式環境中資產清單須由兩人變更，因此未作變更。',
    next: {
      en: 'Ask with `fixpoint target add`, `edit`, `import` or `remove`, which sign for you; another person confirms it.',
      zhTW: '請以 `fixpoint target add`、`edit`、`import` 或 `remove` 提出並簽署，再由另一人確認。',
    },
  },
  'name-taken': {
    class: 'request',
    en: 'The inventory already has a target with this name.',
    zhTW: '資產清單中已有這個名稱的目標。',
    next: { en: 'Choose another name, or change the existing target.', zhTW: '請使用其他名稱，或修改現有目標。' },
  },
  'machine-taken': {
    class: 'request',
    en: 'The inventory already has a target for this machine.',
    zhTW: '資產清單中已有此機器的目標。',
    next: { en: 'Use the existing entry: one machine, one entry.', zhTW: '請使用現有項目：一台機器只有一個項目。' },
  },
  'import-refused': {
    class: 'request',
    en: 'At least one target of the import is refused, so no target was added.',
    zhTW: '匯入中至少有一個目標遭拒，因此未新增任何目標。',
    next: {
      en: 'Correct or remove every target that `errors` lists, then import again with a new key.',
      zhTW: '請更正或移除 `errors` 所列的每個目標，再以新的金鑰重新匯入。',
    },
  },
  'maintenance-refused': {
    class: 'request',
    en: 'A maintenance ends at least a minute and at most 90 days from now.',
    zhTW: '維護的結束時間須在一分鐘後至 90 天內。',
    next: { en: 'Name another end. It can be changed later.', zhTW: '請改用其他結束時間，之後仍可變更。' },
  },
  'transport-not-allowed': {
    class: 'request',
    en: 'This kind of target does not support this transport.',
    zhTW: '這類目標不支援此傳輸方式。',
    next: { en: 'Use a transport named in the detail.', zhTW: '請使用詳細資料所列的傳輸方式。' },
  },
  'transport-unfit': {
    class: 'request',
    en: 'The settings of this transport do not go together.',
    zhTW: '此傳輸方式的設定彼此不符。',
    next: { en: 'Change what the detail names.', zhTW: '請修改詳細資料所列的設定。' },
  },
  locked: {
    class: 'request',
    en: 'Another job holds the lock of this object.',
    zhTW: '另一個作業持有此物件的鎖定。',
    next: { en: 'Try again later.', zhTW: '請稍後再試。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
