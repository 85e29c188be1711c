import type { Command } from 'commander';
import { addCompare } from './lab-compare.js';
import { addGradient } from './lab-gradient.js';
import { addInspectMemory } from './lab-inspect-memory.js';
import { addTask } from './lab-task.js';
import { addVerify } from './lab-verify.js';

/** `tidegate lab …`: one file per subcommand. */
export function addLab(program: Command): void {
  const lab = program.command('lab').description('the memory lab: are the gradients right, what do the cells remember');
  for (const add of [addTask, addCompare, addGradient, addInspectMemory, addVerify]) add(lab);
}
