/** Who or what this product does not protect from, with the reason. */
export const UNDEFENDED: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'Two people who act together.',
    why: 'Four eyes stop one person. Whoever finds a second one to approve gets what both want; the log says who they were.',
  },
  {
    what: 'Administrators of the targets and of the domain.',
    why: 'They need no product to change what they want, and can remove its traces from their computers.',
  },
  {
    what: 'Whoever controls the host of authority.',
    why: 'The key there signs grants, admissions, registrations and checkpoints. Only copies of the checkpoints elsewhere show what happened.',
  },
  {
    what: 'Whoever controls the host of a worker.',
    why: 'Its credentials are used there in clear text. They reach as far as their rights on the targets.',
  },
  {
    what: 'The owner of the database, in part.',
    why: 'Nothing runs by the owner’s rows. But the owner can delete everything, stop everything, remove triggers, and take back a revocation of a key; the checkpoints and the events show it afterwards.',
  },
  {
    what: 'Whoever writes the people file or the public keys.',
    why: 'They say who has which role, and which key of authority counts. No second person is asked. A role alone decides nothing in production: that takes a key that another person confirmed.',
  },
  {
    what: 'The computer of an approver.',
    why: 'Malware there can show one plan and sign another.',
  },
  {
    what: 'A clever author of a runbook.',
    why: 'The gate finds honest mistakes. The two people who admit a version are the boundary.',
  },
  {
    what: 'Detect.',
    why: 'It runs before anybody approves, with the credential for reading. Whoever may submit can cause it to run.',
  },
  {
    what: 'A hostile target that lies.',
    why: 'What is known of a target is what it says of itself. A lie stays on that target.',
  },
  {
    what: 'Development mode.',
    why: 'Tokens decide, and what lies in a folder is admitted. It is the default, so that a first look is easy; production is a setting.',
  },
  {
    what: 'A flood of requests, and loss of power or disks.',
    why: 'Limits protect people from one another, not the network. Tests kill processes; they do not cut power.',
  },
];
