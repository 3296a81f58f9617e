import { Type, type Static, type TSchema } from 'typebox';

/** One of several forms by one member: a wrong member is named, and so are the forms there are. */
export const oneOf = <const T extends readonly TSchema[]>(by: string, forms: T) =>
  Type.Unsafe<Static<T[number]>>({
    ...{ type: 'object', required: [by] },
    ...{ discriminator: { propertyName: by }, oneOf: forms },
  });
