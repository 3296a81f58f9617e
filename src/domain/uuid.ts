/** The form of an id: PostgreSQL refuses a comparison of an id with any other text. */
export const UUID_PATTERN = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

const UUID = new RegExp(UUID_PATTERN);

/** Whether a text has the form of an id. */
export const isUuid = (text: string): boolean => UUID.test(text);
