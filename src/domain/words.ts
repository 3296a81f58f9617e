/** What a code means and what to do next, in plain words; the fallback is the code itself. */
export const WORDS: Readonly<Record<string, string>> = {
  'target-not-found': 'No object has the name that was given. Check the spelling and submit again.',
  'target-ambiguous': 'More than one object has the name that was given. Name it by its id and submit again.',
  'protected-object':
    'The object belongs to a protected or privileged account; Fixpoint does not touch those. Ask a directory administrator.',
  'state-drift': 'What is there is no longer what the plan was made from. Look at the new plan, or submit again.',
  'duplicate-sip': 'Another object uses the same address. Settle the duplicate first.',
  'account-disabled':
    'The account is disabled. Enable the account first, or leave it out; nobody signs in with a disabled account.',
  'live-pool':
    'A Skype for Business Server is alive and owns its users. Use its own commands; the directory is not edited behind its back.',
  'topology-conflict':
    'What the inventory says about Skype for Business is not what the directory shows. Correct the topology of the target, or remove what the old server left.',
  'staging-server':
    'This synchronization server is in staging mode: a cycle here changes nothing in the tenant. Use the active server.',
  'sync-disabled': 'The synchronization scheduler is switched off. Whoever switched it off must switch it on.',
  'sync-busy':
    'A synchronization cycle is running. It may have read the directory too early; another one is started after it.',
  'scheduler-suspended':
    'The synchronization scheduler is suspended: its wizard is open or it is being upgraded. It goes on by itself when that ends.',
  'sync-propagation': 'The synchronization has begun and is not through yet.',
  'sync-account-blocked':
    "The synchronization's own account cannot sign in. Trying again does not help: look at its sign-in and Conditional Access.",
  'export-threshold':
    'The export was stopped because it would delete more objects than allowed. Find out why they are gone before you raise the limit.',
  'schema-missing': 'The directory does not know this attribute.',
  'access-denied': 'The credential lacks the right. Nothing was changed by this step.',
  'read-only-replica': 'The directory server is read-only. Pin a writable one in the target.',
  'invalid-value': 'The value is not allowed for this attribute.',
  'not-applicable': 'This runbook does not apply to this target.',
  inconclusive: 'The target could not tell whether there is something to do; that is never taken for "nothing to do".',
  unreachable: 'The target was not reached. It is tried again at the time shown.',
  'deferral-over': 'The target was not ready until the deadline. Submit again when it is.',
  'host-key-changed':
    'The target shows another host key than the inventory pins. Find out why before you change the pin.',
  'sign-in-refused': 'The target refused the credential. It is not tried again, so that no account is locked.',
  'no-powershell': 'The target offers no PowerShell over SSH. Set up the subsystem.',
  'clock-skew': "The target's clock is more than five minutes off. Run fix-clock-skew first.",
  'credential-out-of-scope': 'The credential may not be used here. Its scope is in the worker’s credentials file.',
  'credential-unavailable': 'The credential could not be resolved on the worker.',
  'credential-changed': 'The credential or its scope changed after the approval. Submit again.',
  'runbook-changed': 'The stored runbook is not the one that was approved.',
  'target-changed': 'The target was changed after the request. Submit again.',
  'target-removed': 'The target is no longer in the inventory.',
  'plan-changed': 'The stored plan is not the one that was approved.',
  'parameters-changed': 'The stored parameters are not the ones that were approved.',
  'grant-invalid': 'The grant does not verify. Nothing was run.',
  'grant-missing': 'There is no grant for this job. Nothing was run.',
  'grant-revoked': 'The grant was revoked. Nothing more was run.',
  'grant-expired': 'The time to execute was over. Submit again.',
  'grant-used': 'The grant was used before. Nothing was run.',
  'approval-expired': 'Nobody decided in time. Submit again.',
  'requester-lost-rights': 'The requester may no longer do this.',
  'approver-lost-rights': 'An approver may no longer approve this.',
  'malformed-output': 'The script answered with something that is no valid value. Tell the owner of the runbook.',
  'output-limit': 'The target sent more than is accepted.',
  'script-error': 'The script failed. The error is in the output.',
  'not-settled': 'The changes were made, but the proof did not come in time.',
  'unheard-once':
    'A change that must not be repeated was sent and its result was never heard. Look at the target and settle the job.',
  unsettled: 'The target gave no answer that settles what happened. Look at it and settle the job.',
  'worker-lost': 'The worker that had this job gave no sign of life. The job is settled by looking at the target.',
  'worker-stopped': 'The worker was told to end. Another one, or the same after its start, goes on by itself.',
  'record-away': 'The record was away when the result of a change was heard. The job goes on by a look at the target.',
  'link-lost': 'The connection was lost while a change was being made. The job is settled by looking at the target.',
  'timed-out': 'A change did not end in time. The job is settled by looking at the target.',
  'host-unavailable': 'The engine ended while a change was being made. The job is settled by looking at the target.',
  poison:
    'It ended its worker, or was not heard of again, too often, and is not tried again. Look at the target, tell the owner of the runbook.',
  'settled-in-place': 'A person said that the changes are in place. A worker looks at the target before the job ends.',
  'not-proved':
    'A person said that the changes are in place, but the target does not show it. Look again and settle the job anew.',
  'not-in-place': 'A person looked at the target: the changes are not in place.',
  'object-locked': 'Another job works on the same object. This one goes on by itself.',
  frozen: 'All work is frozen. It goes on by itself when the freeze ends.',
  'vault-policy': 'A policy of the computer does not allow credentials to be stored.',
  'wrong-logon-session': "The session is not the user's own.",
  'precondition-missing':
    'An earlier step is not on record for this user and computer. Do it first, or say in the waiver why not.',
  'consent-missing':
    'The consent that this needs is not on record. Ask the user, then record it: fixpoint consent add.',
  'subject-mismatch':
    'Communications Server issued an older certificate to another name here. Look at the warnings, then say what to do with it.',
  'protected-keys-present':
    'Keys for encrypted files, mail or other programs would be affected. Ask the user, record the consent, and say so in the request.',
  'reparse-point': 'There is a link where a plain folder or file must be. Nothing was touched; find out who made it.',
  'path-outside-root': 'The path is not one that this runbook may touch.',
  'profile-unsupported':
    'The profile is roaming, temporary, mandatory, on a profile disk, or not where Windows says it is.',
  'user-logged-on': 'Files are held open. It is tried again; best when the user has signed off.',
  'constrained-language': 'A policy of the computer forbids what this runbook needs.',
  'user-not-logged-on':
    'This can only be done while the user is logged on to the computer. It is tried again at the time shown.',
  'broker-busy':
    'An earlier step of this job still runs in the session of the user. It is tried again at the time shown.',
  'module-missing': 'The computer or the runbook lacks a part that this needs.',
  'retention-running':
    'What was set aside is kept for its whole retention, counted from the end of the job that made it (30 days for keys).',
  'cap-exceeded': 'More objects than the job allows. Raise the number and submit again, if that is what you mean.',
  'attribute-not-allowed': 'This attribute is not in the list of those that may be changed.',
  'not-single-valued': 'The attribute holds several values; use add-value and remove-value.',
  'local-refused': 'Transport local is for tests only.',
  'setting-missing': 'The target lacks a setting that the runbook needs.',
  restored:
    'The record was restored from a backup while this job was in hand: what happened to it since is not known. Look at the target, then submit again if it is still wanted.',
  rejected: 'An approver rejected the plan.',
  cancelled: 'It was cancelled.',
};
