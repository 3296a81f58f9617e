/** A fault of the installation that another start does not heal: a process that meets one ends with code 2 and its message. */
export class SettingsFault extends Error {}
