import '../src/platform/private-umask.js';
import { PRODUCT_COMMANDS, runProgram } from '../src/cli/program.js';
import { demoCommands } from './demo-commands.js';
import { labCommands } from './lab-commands.js';

await runProgram([...PRODUCT_COMMANDS, demoCommands, labCommands]);
