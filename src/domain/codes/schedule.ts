import type { CodeEntry } from './entry.js';

/** Why the API refused a request about schedules and calendars. */
export const SCHEDULE = {
  'schedule-refused': {
    class: 'request',
    en: 'The schedule cannot be kept as it is.',
    zhTW: '此排程無法儲存。',
    next: { en: 'Correct every member that `errors` lists.', zhTW: '請更正 `errors` 所列的每個項目。' },
  },
  'schedule-not-found': {
    class: 'request',
    en: 'The schedule does not exist, or you may not see it.',
    zhTW: '排程不存在，或您無權檢視。',
    next: { en: 'List the schedules: `fixpoint schedule list`.', zhTW: '請列出排程：`fixpoint schedule list`。' },
  },
  'schedule-name-taken': {
    class: 'request',
    en: 'Another schedule has this name.',
    zhTW: '已有同名的排程。',
    next: { en: 'Choose another name, or remove the other schedule.', zhTW: '請使用其他名稱，或移除該排程。' },
  },
  'schedule-changed': {
    class: 'request',
    en: 'The schedule was changed in the meantime.',
    zhTW: '排程已在此期間變更。',
    next: { en: 'Read it again and repeat the change.', zhTW: '請重新讀取後再變更。' },
  },
  'schedule-ended': {
    class: 'request',
    en: 'The schedule cannot be changed like this any more.',
    zhTW: '排程已無法如此變更。',
    next: { en: 'Make a new schedule.', zhTW: '請建立新的排程。' },
  },
  'envelope-refused': {
    class: 'request',
    en: 'The standing approval cannot be given as it was asked for.',
    zhTW: '無法依要求給予常設核准。',
    next: { en: 'Correct what the detail names, then ask again.', zhTW: '請更正詳細資料所列的項目後重新提出。' },
  },
  'calendar-refused': {
    class: 'request',
    en: 'The calendar cannot be kept as it is.',
    zhTW: '此行事曆無法儲存。',
    next: { en: 'Correct every member that `errors` lists.', zhTW: '請更正 `errors` 所列的每個項目。' },
  },
  'calendar-not-found': {
    class: 'request',
    en: 'There is no such calendar.',
    zhTW: '沒有這個行事曆。',
    next: { en: 'List the calendars: `fixpoint calendar list`.', zhTW: '請列出行事曆：`fixpoint calendar list`。' },
  },
  'calendar-name-taken': {
    class: 'request',
    en: 'Another calendar has this name.',
    zhTW: '已有同名的行事曆。',
    next: { en: 'Choose another name, or change the other calendar.', zhTW: '請使用其他名稱，或修改該行事曆。' },
  },
  'calendar-in-use': {
    class: 'request',
    en: 'A schedule names the calendar, so it was not removed.',
    zhTW: '有排程使用此行事曆，因此未移除。',
    next: { en: 'Remove the schedules that name it first.', zhTW: '請先移除使用它的排程。' },
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;
