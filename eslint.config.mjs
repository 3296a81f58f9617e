import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'engine', '.fixpoint', 'coverage', 'src/cli/api/paths.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-new-func': 'error',
      // Ports are records of functions, never classes: there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // What implements an asynchronous port may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // Hostile text is matched on purpose.
      'no-control-regex': 'off',
    },
  },
  // A longer file does more than one thing; required.ts is generated.
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    ignores: ['src/cli/api/required.ts'],
    rules: { 'max-lines': ['error', 250] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    // Tests look into answers of the public interface, whose form other tests pin.
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' } },
  },
);
