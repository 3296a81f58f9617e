import { describe, expect, it } from '@jest/globals';
import { growingTree, inclusionProof, isIncluded, leafHash, rootOf } from '../../src/domain/merkle.js';

/** The inputs and roots that implementations of Certificate Transparency share as test vectors (RFC 6962). */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = INPUTS.map((hex) => leafHash(Buffer.from(hex, 'hex')));

describe('the Merkle tree', () => {
  it('has the roots of the published vectors at each size', () => {
    const tree = growingTree();
    const roots = [tree.root().toString('hex')];
    for (const leaf of leaves) {
      tree.add(leaf);
      roots.push(tree.root().toString('hex'));
    }
    expect(roots).toEqual(ROOTS);
  });

  it('proves each leaf at each size, and no other leaf, place, size or proof', () => {
    const many = Array.from({ length: 70 }, (_, i) => leafHash(`leaf ${i}`));
    for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65, 70]) {
      const of = many.slice(0, size);
      const root = rootOf(of);
      for (let i = 0; i < size; i++) {
        const proof = inclusionProof(of, i);
        const [leaf, other] = [of[i], many[(i + 1) % 70]] as [Buffer, Buffer];
        expect(isIncluded(leaf, i, size, proof, root)).toBe(true);
        expect(isIncluded(other, i, size, proof, root)).toBe(false);
        for (const wrong of [i - 1, i + 1, size, -1, 0.5])
          expect(isIncluded(leaf, wrong, size, proof, root)).toBe(false);
        expect(isIncluded(leaf, i, size, [...proof, leaf], root)).toBe(false);
        if (proof.length === 0) continue;
        expect(isIncluded(leaf, i, size, proof.slice(1), root)).toBe(false);
        for (const [n, hash] of proof.entries()) {
          const flipped = Buffer.from(hash);
          flipped[n % 32] = (flipped[n % 32] ?? 0) ^ 1;
          expect(isIncluded(leaf, i, size, proof.with(n, flipped), root)).toBe(false);
        }
      }
    }
  });
});
