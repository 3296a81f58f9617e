import { PRODUCT_COMMANDS, runProgram } from './cli/program.js';

await runProgram(PRODUCT_COMMANDS);
