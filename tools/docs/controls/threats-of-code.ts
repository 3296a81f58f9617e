import type { Section } from './control.js';

/** Threats by what a request, a runbook or a script brings. */
export const CODE: readonly Section[] = [
  {
    title: 'Values in scripts',
    rows: [
      {
        id: 'T1',
        ask: 'A parameter holds PowerShell: quotes, `$()`, line breaks, here-strings.',
        control:
          'No PowerShell text is made of values. They travel as JSON frames on a private socket and are bound as typed parameters. The gate refuses commands and types that make code of text.',
        code: ['engine/Host', 'src/adapters/powershell/session.ts', 'src/adapters/runbook-files/gate.ts'],
        shown: [
          'test/contracts/powershell-host.contract.ts: takes and gives every hostile text as data, unchanged',
          'test/http/interface.test.ts: bad requests get a problem with a stable code, and nothing is stored › a hundred kilobytes of hostile text in a parameter reaches the script as data or is refused',
          'figure: gate',
        ],
        open: 'A million random parameters through the engine, and thousands over SSH, are not played: the corpus of hostile texts is fixed.',
      },
      {
        id: 'T2',
        ask: 'A typographic quotation mark ends a quoted text, although ordinary quotes were doubled.',
        control: 'Nothing is quoted or escaped, so no mark ends anything. Scripts are plain ASCII.',
        code: ['engine/Host', 'src/adapters/runbook-files/gate.ts'],
        shown: [
          'test/contracts/powershell-host.contract.ts: takes and gives every hostile text as data, unchanged',
          'test/adapters/runbook-files/gate.test.ts: the gate refuses › %s: %s',
        ],
      },
      {
        id: 'T3',
        ask: 'A value is read as a language inside PowerShell: an LDAP filter, a wildcard, a path pattern, SQL.',
        control:
          'Directory searches escape what was typed. The gate demands literal paths. From the plan on an object is its objectGUID. SQL is parameterised.',
        code: ['runbooks/_modules/directory', 'src/adapters/runbook-files/gate.ts', 'src/adapters/postgres'],
        shown: [
          'test/lab/find-ad-user.test.ts: what was typed is text, never a filter › %s',
          'test/adapters/runbook-files/gate.test.ts: the gate refuses › %s: %s',
          'test/tools/cli-empty-names.test.ts: %j is wrong usage: an empty name never means all',
        ],
      },
      {
        id: 'T4',
        ask: 'An argument of a started program becomes a command, as with batch files on Windows.',
        control:
          'A worker starts one program, the engine, with constant arguments and a short list of variables. What differs comes over its socket. SSH is started by the engine, and refuses names that it would read as options.',
        code: ['src/adapters/powershell/start-host.ts', 'engine/Host/Transport/Ssh/SshTransport.cs'],
        shown: [
          'test/adapters/powershell/ssh.test.ts: over SSH, before anything ran › never lets %s near the command line',
          'test/contracts/powershell-host.contract.ts: keeps what it was started with to itself',
          'test/tools/addresses.test.ts: the host of a target › may not be %j',
        ],
        open: 'A worker on Windows was never run.',
      },
      {
        id: 'T38',
        ask: 'Parameters or messages are evaluated as templates or expressions.',
        control:
          'There is no template or expression language. ESLint refuses `eval` and `Function`. A JSON Schema of a runbook may not use patterns that take exponential time.',
        code: ['eslint.config.mjs', 'src/adapters/runbook-files/pattern-ways.ts'],
        shown: [
          'test/security/gate.test.ts: the runspace of Plan › has no command but its own, inside functions too',
          'test/adapters/runbook-files/check.test.ts: the pattern of a text › %s is refused: it repeats what matches in several ways',
        ],
      },
      {
        id: 'T39',
        ask: 'A link in a folder leads a deletion to other data, or a dry run has effects.',
        control:
          'Modules that rename or remove refuse links at every level, follow no linked parent and take no abbreviated path. A plan never comes from `-WhatIf`. Detect uses the credential for reading.',
        code: [
          'runbooks/_modules/quarantine',
          'runbooks/_modules/key-folder',
          'src/adapters/runbook-files/read-folder.ts',
        ],
        shown: [
          'test/lab/links.test.ts: neither renames nor removes %s, nor anything that holds one',
          'test/lab/purge-quarantine.test.ts: the phases on the PC › stop at a link, also deep inside and also when it came after the plan',
          'test/adapters/runbook-files/load.test.ts: a runbook folder › with a link is refused',
        ],
        open: 'They look at paths, not at handles: who swaps a folder for a link between the look and the change can win. The laboratory is Wine; junctions of a real NTFS were not seen. Whether the credential for reading cannot write is for whoever grants it.',
      },
    ],
  },
  {
    title: 'What may run',
    rows: [
      {
        id: 'T5',
        ask: 'The files of a runbook change between the approval and the run.',
        control:
          'A version is stored under the digest of its bytes and is append-only. Authority and worker hash the bytes that they use, each time. The grant names the digest; the engine compares each text with its own.',
        code: ['src/domain/bundle.ts', 'src/usecases/claim/check-job.ts', 'src/usecases/in-force.ts'],
        shown: [
          'test/usecases/forged.test.ts: what changed between approval and run › a byte of the runbook stops the job',
          'test/security/inside.test.ts: a runbook whose stored manifest is not the one of its digest › is not there where its text is not what its digest says',
          'test/contracts/powershell-host.contract.ts: refuses text that is not what its digest names',
          'figure: forged',
        ],
      },
      {
        id: 'T6',
        ask: 'A script loads a module or downloads code that no digest covers.',
        control:
          'The manifest names its modules; they are in the digest and are sent as text. The gate knows closed lists of commands, of which none imports or downloads. Authority asks it before an admission, and each worker asks its own on the stored bytes.',
        code: ['src/adapters/runbook-files/modules.ts', 'src/adapters/runbook-files/gate.ts'],
        shown: [
          'test/adapters/runbook-files/gate.test.ts: the gate refuses › %s: %s',
          'test/adapters/runbook-files/check.test.ts: a shared module that is a link › %s is refused',
          'test/security/gate-again.test.ts: a version that authority admitted and the gate refuses › does not reach its target, and the job and the log say why',
          'figure: gate',
        ],
        open: 'Commands of PowerShell itself come from the modules of the target; a target whose administrator replaced them is outside. The network of a worker is not limited by the product: limit it with a firewall.',
      },
      {
        id: 'T37',
        ask: 'An import or a file of settings gets round the policy.',
        control:
          'Imports ask the same function as single requests. YAML is read without tags. In production a version of a runbook, a target and the policy need two people. A policy or people file with a mistake allows nothing. The digest of both is in each grant.',
        code: [
          'src/usecases/inventory/import-targets.ts',
          'src/adapters/runbook-files/read-manifest.ts',
          'src/adapters/identity',
        ],
        shown: [
          'test/http/import-targets.test.ts: POST /v1/targets:import › is closed to whoever may not edit targets',
          'test/security/admission.test.ts: a version that two people admit › becomes current only when another person confirmed exactly its files',
          'test/security/policy-admission.test.ts: two people put a policy in force, and the log says which and who',
          'test/security/matrix.test.ts: a policy file that somebody broke while the product runs › refuses everything with a code of its own, is not ready, and works again when it is corrected',
          'test/usecases/policy.test.ts: a grant holds a digest of the people and of the policy',
        ],
        open: 'The people file is changed by whoever can write it, without a second person; in development the policy file too. Keep them under review, and give no account of the product the right to write them.',
      },
    ],
  },
];
