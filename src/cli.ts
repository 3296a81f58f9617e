import './platform/private-umask.js';
import { PRODUCT_COMMANDS, runProgram } from './cli/program.js';

await runProgram(PRODUCT_COMMANDS);
