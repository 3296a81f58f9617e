/** How many of what: `1 runbook`, `2 runbooks`, `1 entry`, `2 entries`. */
export const count = (of: number, noun: string, plural = `${noun}s`): string => `${of} ${of === 1 ? noun : plural}`;
