import { uuidv7 } from 'uuidv7';

/** A new UUIDv7: time-ordered, so that newest-first is one index scan. */
export const v7 = (): string => uuidv7();
