import { Type } from 'typebox';
import { PROSE_PATTERN } from '../../domain/visible.js';

type Annotations = Readonly<Record<string, unknown>>;

export const closed = { additionalProperties: false } as const;

/** What an author reads about a member: in the reference, and in an editor. */
export const about = (description: string, example: unknown, byDefault?: unknown) => ({
  description,
  examples: [example],
  ...(byDefault === undefined ? {} : { default: byDefault }),
});

export const literals = <const T extends string[]>(values: T, annotations: Annotations) =>
  Type.Enum<T>([...values], annotations);

export const duration = (description: string, example: string) =>
  Type.String({
    pattern: '^[0-9]{1,6}(ms|s|m|h|d)$',
    title: 'duration, such as 30s, 10m, 24h or 7d',
    ...about(description, example),
  });

/** A name as an author gives it. */
export const NAME = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$';
/** A name of a runbook, module, action or code. */
export const name = (annotations: Annotations = {}) => Type.String({ pattern: NAME, maxLength: 64, ...annotations });
/** Names that an author gives to the members of an object. */
export const ownName = () => Type.String({ pattern: NAME });
/** The name of a parameter. */
export const parameterName = (annotations: Annotations = {}) =>
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,63}$', ...annotations });

/** A text of an author that people decide by. */
export const prose = (minLength: number, maxLength: number, annotations: Annotations) =>
  Type.String({
    minLength,
    maxLength,
    pattern: PROSE_PATTERN,
    title: `text, at most ${maxLength} characters, none of them hidden`,
    ...annotations,
  });

const words = (what: string, example: string) => ({
  en: prose(1, 300, about(`${what} in English.`, example)),
  'zh-TW': Type.Optional(prose(1, 300, about(`${what} in Chinese (Taiwan); English is shown without it.`, '標題'))),
});
/** A text in one or both languages. */
export const localized = (what: string, example: string) =>
  Type.Object(words(what, example), { ...closed, ...about(`${what}.`, { en: example }) });
/** A code of the runbook's own. */
export const ownCode = () =>
  Type.Object(
    {
      class: literals(
        ['refused', 'deferred', 'failed', 'waiting'],
        about('What becomes of the job: it is blocked, tried again, failed, or waits for its proof.', 'deferred'),
      ),
      ...words('What the code means', 'The printer is off.'),
      next: localized('What to do next', 'Ask the user to switch it on.'),
    },
    closed,
  );
