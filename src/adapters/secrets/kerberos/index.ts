export { keytabProblem, principalsOf } from './keytab.js';
export type { KerberosSecret } from './kinit.js';
export { createTickets, type Tickets } from './tickets.js';
