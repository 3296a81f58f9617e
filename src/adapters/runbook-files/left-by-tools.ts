/**
 * Whether a name below a runbook folder is no part of it: hidden files, and what editors leave beside the file that somebody edits
 * (`.Detect.ps1.swp`, `Detect.ps1~`, `#Detect.ps1#`, `.#Detect.ps1`). Such files are neither loaded nor hashed nor watched.
 */
export function isLeftByTools(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || (name.startsWith('#') && name.endsWith('#'));
}
