import { open, type FileHandle } from 'node:fs/promises';
import { notesIn } from '../../domain/checkpoint.js';
import { CHECKPOINT_BYTES, readOwnFile, UnfitFile } from '../../platform/read-own-file.js';
import type { CheckpointSink } from '../../ports/checkpoints.js';

/** Whether the last line has no end: a crash cut what was written. */
async function endsInside(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

/** A file that is only ever appended to, one note after the other; on its disk before `keep` returns. */
export function fileSink(path: string): CheckpointSink {
  return {
    name: path,
    async keep(note) {
      const file = await open(path, 'a+', 0o644);
      try {
        if (!(await file.stat()).isFile()) throw new UnfitFile(path, 'is not a regular file');
        await file.appendFile((await endsInside(file)) ? `\n${note}` : note);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async kept() {
      try {
        return notesIn(await readOwnFile(path, { most: CHECKPOINT_BYTES }));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
  };
}
