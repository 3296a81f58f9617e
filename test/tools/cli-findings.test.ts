import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../src/cli/api/types.js';
import { findingLines } from '../../src/cli/findings.js';
import { changeLine, jobLines } from '../../src/cli/job-text.js';
import { named } from '../../src/cli/print.js';

describe('findings as text', () => {
  it('have a line for each value, and items for lists of objects', () => {
    const findings = {
      finding: 'present',
      accountEnabled: false,
      values: ['a', 'b'],
      none: [],
      folder: { path: 'C:\\k', files: 2 },
      users: [
        { name: 'Bob', dn: 'CN=Bob' },
        { name: 'Eve', dn: 'CN=Eve' },
      ],
    };
    expect(findingLines(findings, '  ').join('\n')).toBe(
      [
        '  finding         present',
        '  accountEnabled  false',
        '  values          a, b',
        '  none            (none)',
        '  folder',
        '    path   C:\\k',
        '    files  2',
        '  users (2)',
        '    - name  Bob',
        '      dn    CN=Bob',
        '    - name  Eve',
        '      dn    CN=Eve',
      ].join('\n'),
    );
  });

  it('show what a terminal would hide or obey, cut long values, and say how many items are left out', () => {
    const many = Array.from({ length: 23 }, (_, i) => ({ n: i }));
    const lines = findingLines({ text: 'a\u202eb\u001b[31m', long: 'x'.repeat(5000), many, words: many.map(String) });
    expect(lines[0]).toBe('text  a\\u202eb\\u001b[31m');
    expect(lines[1]?.length).toBeLessThan(420);
    expect(lines.filter((line) => line.includes('and 3 more'))).toHaveLength(2);
    expect(lines.length).toBe(2 + 1 + 21 + 1 + 21);
  });
});

describe('names beside ids', () => {
  const change = { id: 'c', property: 'title', before: 'a', after: 'b', action: 'set' };

  it('stand before the id, which stands alone where there is no other name', () => {
    expect(named({ id: 'bob', name: 'Bob Kelly' })).toBe('Bob Kelly (bob)');
    expect(named({ id: 'worker', name: 'worker' })).toBe('worker');
    expect(named({ id: 'gone' })).toBe('gone');
  });

  it('are in each change whose plan has them', () => {
    const label = 'Bob Kelly, bob@contoso.test, CN=Bob\u200b';
    expect(changeLine({ ...change, resource: 'user:1', label })).toContain(
      '- set: title of user:1 ("Bob Kelly, bob@contoso.test, CN=Bob\\u200b")\n',
    );
    expect(changeLine({ ...change, resource: 'file:/a' })).toContain('title of file:/a\n');
  });

  it('are in each line of a job', () => {
    const person = { id: 'helen', name: 'Helen Park' };
    const text = jobLines({
      id: 'j',
      kind: 'rollback-of',
      rollbackOf: 'o',
      state: 'cancelled',
      runbook: { id: 'r', version: '1.0.0', contentDigest: 'a'.repeat(64) },
      target: { id: 't-1', name: 'contoso' },
      requester: person,
      reason: 'why',
      parameters: {},
      cancel: { by: { id: 'otto', name: 'Otto' }, reason: 'stop', at: 'now' },
      claims: [{ kind: 'statement', what: 'gone', text: 'yes', by: person, at: 'now' }],
      approvals: [{ decision: 'approve', person: { id: 'ann', name: 'Ann' }, reason: 'ok', status: 'accepted' }],
      proofs: [],
      changes: [],
      findings: { finding: 'absent' },
    } as unknown as Job);
    for (const line of [
      '  target     contoso (t-1)',
      '  requester  Helen Park (helen): why',
      '  rolls back o',
      '  claim      statement gone: yes (Helen Park (helen), now)',
      '  approve    Ann (ann): ok (accepted, by token, not signed)',
      '  cancel     Otto (otto): stop',
      '  findings\n    finding  absent',
    ])
      expect(text).toContain(line);
  });
});
