import { LineCounter, parseDocument, type Document } from 'yaml';

/** A YAML or JSON text with the line of each of its values. */
export interface Positioned {
  readonly document: Document;
  readonly lines: LineCounter;
  /** The line of what a JSON Pointer names, or of the nearest member above it. */
  readonly lineOf: (pointer: string) => number;
}

export function positioned(text: string): Positioned {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const lineOf = (pointer: string): number => {
    const steps = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    for (let length = steps.length; length > 0; length--) {
      const node = document.getIn(steps.slice(0, length), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return { document, lines, lineOf };
}
