import { open, readFile } from 'node:fs/promises';
import { notesIn } from '../../domain/checkpoint.js';
import type { CheckpointSink } from '../../ports/checkpoints.js';

/** A file that is only ever appended to, one note after the other; on its disk before `keep` returns. */
export function fileSink(path: string): CheckpointSink {
  return {
    name: path,
    async keep(note) {
      const file = await open(path, 'a', 0o644);
      try {
        await file.appendFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async kept() {
      try {
        return notesIn(await readFile(path, 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
  };
}
