/**
 * What this process writes is for its own user unless a mode says otherwise. Every entry imports this module first: imports run in
 * their order, so nothing is written before.
 */
process.umask(0o077);
