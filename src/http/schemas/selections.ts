import { Type } from 'typebox';
import { Filter } from './filter.js';
import { closed, name } from './parts.js';
import { Target } from './responses.js';

export const SelectionBody = Type.Object({ name, select: Filter }, closed);
export const SelectionShown = Type.Object({ id: Type.String(), ...SelectionBody.properties }, closed);
export const SelectionPage = Type.Object({ items: Type.Array(SelectionShown), next: Type.Null() }, closed);
export const SelectedTargets = Type.Object({ items: Type.Array(Target), next: Type.Null() }, closed);
