-- How one machine is known: its SSH host key, or its name where WinRM reaches it.
ALTER TABLE targets RENAME COLUMN host_key TO machine;
ALTER TABLE targets RENAME CONSTRAINT targets_host_key_key TO targets_machine_key;
