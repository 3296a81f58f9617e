import { TRANSPORTS, transportProblem, type Target, type Transport } from '../../domain/target.js';
import type { ApiContext } from '../api-context.js';

export type Unfit =
  | { readonly kind: 'transport-not-allowed'; readonly target: string; readonly allowed: readonly Transport['type'][] }
  | { readonly kind: 'transport-unfit'; readonly why: string }
  | { readonly kind: 'local-refused' };

/** Why a target may not be stored as it is; undefined when it may. */
export function unfitness(
  { settings }: Pick<ApiContext, 'settings'>,
  { kind, transport }: Pick<Target, 'kind' | 'transport'>,
): Unfit | undefined {
  const allowed = TRANSPORTS[kind];
  if (!allowed.includes(transport.type)) return { kind: 'transport-not-allowed', target: kind, allowed };
  const why = transportProblem(transport);
  if (why !== undefined) return { kind: 'transport-unfit', why };
  return transport.type === 'local' && !settings.allowLocal ? { kind: 'local-refused' } : undefined;
}
