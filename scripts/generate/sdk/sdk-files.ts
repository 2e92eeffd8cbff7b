import type { Contract } from '../../contract/contract.ts';
import type { GeneratedFile, GeneratedFolder } from '../generated-files.ts';
import { type ApiFunction, apiFunctions } from './api.ts';
import { docComment } from './doc-comment.ts';
import { pascalCase } from './names.ts';
import { type RowType, rowTypes } from './row-types.ts';

const header = '// Generated from supabase/contract.json by npm run generate; do not edit.\n';

export const sdkFolder: GeneratedFolder = { path: 'sdk/src/generated', header };

/** What Edge Functions, which are deployed without the SDK, need of it. */
export function edgeFunctionFiles(contract: Contract): GeneratedFile[] {
  return [
    {
      path: 'supabase/functions/_shared/contract-version.ts',
      text: `${header}${contractVersionSource(contract)}`,
    },
  ];
}

/** The generated part of the SDK. */
export function sdkFiles(contract: Contract): GeneratedFile[] {
  const functions = apiFunctions(contract);
  const rows = rowTypes(contract, functions);
  return [
    generated('contract-version.ts', contractVersionSource(contract)),
    generated('permissions.ts', permissionsSource(contract)),
    generated('rows.ts', rowsSource(rows)),
    generated('functions.ts', functionsSource(functions, rows)),
    generated('domains.ts', domainsSource(functions, rows)),
  ];
}

function generated(name: string, source: string): GeneratedFile {
  return { path: `${sdkFolder.path}/${name}`, text: `${header}${source}` };
}

function contractVersionSource(contract: Contract): string {
  return `
/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '${contract.version}';
`;
}

function permissionsSource(contract: Contract): string {
  const rows = Object.values(contract.permissions).sort((a, b) => Number(a.bit) - Number(b.bit));
  const members = rows.map(
    ({ key, scope, description }) => `  /** ${description}. */\n  ${key}: '${scope}',\n`,
  );
  return `
/** Every permission there is, in the catalog's order, and where it is asked. */
export const permissionScopes = {
${members.join('')}} as const;

export type Permission = keyof typeof permissionScopes;
`;
}

function rowsSource(rows: RowType[]): string {
  return `
// Rows are exactly what the database sends, snake_case names and all, so that a row from a method and the same row
// read through the REST API are equal. Times are strings with an offset, ids are UUID strings.
${rows.length === 0 ? '\nexport {};\n' : rows.map(({ source }) => `\n${source}`).join('')}`;
}

function functionsSource(functions: ApiFunction[], rows: RowType[]): string {
  const body = functions.map(functionSource).join('');
  const needsZod = functions.length > 0;
  return [
    '\n',
    needsZod ? `import * as z from 'zod/mini';\n` : '',
    `import type { FunctionDescriptor } from '../descriptor.ts';\n`,
    rowsImport(rows, body),
    body,
  ].join('');
}

/** The types from rows.ts that a source uses. */
function rowsImport(rows: RowType[], body: string): string {
  const used = rows
    .map(({ name }) => name)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  return used.length === 0 ? '' : `import type { ${used.sort().join(', ')} } from './rows.ts';\n`;
}

function functionSource(fn: ApiFunction): string {
  const { contract, annotations } = fn;
  const parts: string[] = [];
  if (fn.argumentsType !== null) {
    const members = fn.arguments.map(
      ({ name, optional, type, text, defaultValue }) =>
        `${docComment([text, defaultValue === null ? null : `Default: ${defaultValue}.`], '  ')}  ${name}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''};\n`,
    );
    parts.push(
      `${docComment([`Arguments of \`${contract.name}\`.`])}export interface ${fn.argumentsType} {\n${members.join('')}}\n`,
    );
  }
  if (fn.declaredResult !== null) {
    const about = annotations.returns?.text || `What \`${contract.name}\` returns.`;
    parts.push(
      `${docComment([about])}export type ${fn.declaredResult.name} = ${fn.declaredResult.body};\n`,
    );
  }
  const args = fn.arguments.map(({ name, sqlName }) => `    ${name}: '${sqlName}',\n`);
  const { idempotent } = annotations;
  parts.push(
    `${docComment([`\`public.${contract.name}\`, as \`guildhall.${fn.domain}.${fn.method}\`.`])}export const ${fn.descriptor} = {
  name: '${contract.name}',
  domain: '${fn.domain}',
  method: '${fn.method}',
  volatility: '${contract.volatility}',
  idempotentBy: ${idempotent === null ? 'null' : `'${idempotent}'`},
  returns: '${contract.returns.kind}',
  args: ${block(args)},
  argsSchema: ${schemaSource(fn)},
} as const satisfies FunctionDescriptor;
`,
  );
  return parts.map((part) => `\n${part}`).join('');
}

/** As a function called at once and marked as pure, so that a bundler drops the schemas of methods nobody uses. */
function schemaSource(fn: ApiFunction): string {
  const members = fn.arguments.map(
    ({ name, optional, schema }) =>
      `    ${name}: ${optional ? `z.optional(${schema})` : schema},\n`,
  );
  return `/* @__PURE__ */ (() => z.strictObject(${block(members)}))()`;
}

function block(lines: string[]): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}  }`;
}

function domainsSource(functions: ApiFunction[], rows: RowType[]): string {
  const byDomain = new Map<string, ApiFunction[]>();
  for (const fn of functions) byDomain.set(fn.domain, [...(byDomain.get(fn.domain) ?? []), fn]);
  const names = [...byDomain.keys()];
  const body = [
    ...[...byDomain].map(([domain, members]) => domainSource(domain, members)),
    `
/** Every domain, by the name of its property on the client. */
export interface Domains {
${names.map((name) => `  ${name}: ${pascalCase(name)}Domain;\n`).join('')}}

/** The methods of every domain, calling through one caller. */
export function createDomains(call: Call): Domains {
  return {
${names.map((name) => `    ${name}: ${name}Domain(call),\n`).join('')}  };
}
`,
  ].join('');
  const types = functions
    .flatMap((fn) => [fn.argumentsType, fn.declaredResult?.name ?? null])
    .filter((name) => name !== null);
  const descriptors = functions.map(({ descriptor }) => descriptor).sort();
  return [
    '\n',
    `import type { Call${functions.length > 0 ? ', CallOptions' : ''} } from '../call.ts';\n`,
    types.length === 0
      ? ''
      : `import type {\n${types
          .sort()
          .map((name) => `  ${name},\n`)
          .join('')}} from './functions.ts';\n`,
    descriptors.length === 0
      ? ''
      : `import {\n${descriptors.map((name) => `  ${name},\n`).join('')}} from './functions.ts';\n`,
    rowsImport(rows, body),
    body,
  ].join('');
}

function domainSource(domain: string, functions: ApiFunction[]): string {
  const type = `${pascalCase(domain)}Domain`;
  const signatures = functions.map(
    (fn) => `${methodDoc(fn)}  ${fn.method}(${parametersOf(fn)}): Promise<${fn.resultType}>;\n`,
  );
  const methods = functions.map((fn) => {
    const parameters = fn.argumentsType === null ? 'options' : 'args, options';
    const passed = fn.argumentsType === null ? '{}' : 'args';
    return `    ${fn.method}: (${parameters}) => call<${fn.resultType}>(${fn.descriptor}, ${passed}, options),\n`;
  });
  return `
/** The domain \`${domain}\`: \`guildhall.${domain}\`. */
export interface ${type} {
${signatures.join('\n')}}

export function ${domain}Domain(call: Call): ${type} {
  return {
${methods.join('')}  };
}
`;
}

function parametersOf(fn: ApiFunction): string {
  if (fn.argumentsType === null) return 'options?: CallOptions';
  const optional = fn.arguments.every((argument) => argument.optional) ? '?' : '';
  return `args${optional}: ${fn.argumentsType}, options?: CallOptions`;
}

function methodDoc(fn: ApiFunction): string {
  const { annotations, contract } = fn;
  const { idempotent, errors, example } = annotations;
  const nonce = fn.arguments.find(({ sqlName }) => sqlName === idempotent)?.name;
  const repeatable =
    idempotent === 'always'
      ? 'Repeating it is harmless.'
      : nonce === undefined
        ? null
        : `With a \`${nonce}\`, repeating it is harmless.`;
  const callers = ['anon', 'authenticated', 'service_role'].filter(
    (role) => contract.grants[role] !== undefined || contract.grants.public !== undefined,
  );
  const tags = [
    annotations.returns === null || annotations.returns.text === ''
      ? null
      : `@returns ${annotations.returns.text}`,
    errors.length === 0
      ? null
      : `@throws {GuildhallError} ${errors.map((code) => `\`${code}\``).join(', ')}`,
    example === null ? null : `@example\n${example}`,
  ].filter((tag) => tag !== null);
  return docComment(
    [
      annotations.description,
      repeatable,
      callers.includes('authenticated')
        ? null
        : `For the role${callers.length === 1 ? '' : 's'} ${callers.join(', ') || 'that owns it'} only.`,
      tags.join('\n'),
    ],
    '  ',
  );
}
