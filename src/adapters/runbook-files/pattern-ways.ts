/** In how many ways a repeated group may match; a regular expression may try each before it gives up. */
const MOST_WAYS = 100_000;

interface Range {
  readonly least: number;
  readonly most: number;
}

/** One atom, such as a character, an escape or a class; a group is read apart. */
const ATOM = /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|.)|\[(?:\\.|[^\]\\])*\]|[^()|]/uy;
const OPENING = /\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/uy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/uy;

/**
 * Whether a pattern repeats a group that can match in several ways, such as `(a+)+` or `(a|aa)*`: a text that almost fits then takes
 * time that grows with every character. A choice inside a repetition is refused even where its alternatives differ; `[ab]+` says the same
 * as `(a|b)+`. A repetition of few and bounded ways is accepted: `(-[0-9]{1,10}){4}`.
 */
export function repeatsChoices(pattern: string): boolean {
  let at = 0;
  let found = false;
  const next = (token: RegExp) => {
    token.lastIndex = at;
    const match = token.exec(pattern);
    if (match) at += match[0].length;
    return match;
  };
  const quantifier = (): Range => {
    const match = next(QUANTIFIER);
    if (!match) return { least: 1, most: 1 };
    const [text, count, comma, upTo] = match;
    if (count === undefined) return { least: text.startsWith('+') ? 1 : 0, most: text.startsWith('?') ? 1 : Infinity };
    const least = Number(count);
    return { least, most: comma === undefined ? least : upTo === '' ? Infinity : Number(upTo) };
  };
  /** The ways of what stands up to the end of the group. */
  const choices = (): number => {
    let sum = 0;
    let product = 1;
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        sum += product;
        product = 1;
      } else if (next(OPENING)) {
        const ways = choices();
        at += 1;
        product *= repeated(ways, quantifier());
      } else {
        if (!next(ATOM)) at += 1;
        const { least, most } = quantifier();
        product *= most - least + 1;
      }
    }
    return sum + product;
  };
  const repeated = (ways: number, { least, most }: Range): number => {
    const each = most === Infinity && ways === 1 ? Infinity : ways ** most;
    if (most > 1 && ways > 1 && each > MOST_WAYS) found = true;
    return Math.max(1, most === least ? each : each * (most - least + 1));
  };
  choices();
  return found;
}
