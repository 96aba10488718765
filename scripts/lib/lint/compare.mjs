//! Compares the findings of Spectral with ours: `compare.mjs NAME place|severity THEIRS OURS EXPLAINED` prints one row.

import fs from 'node:fs';

const [name, kind, theirsFile, oursFile, explainedFile] = process.argv.slice(2);
const LEVELS = ['error', 'warning', 'info', 'hint'];

const token = (segment) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');
const last = (file) => file.split('/').pop();
const key = (file, id, level, pointer) =>
  (kind === 'severity' ? [last(file), id, level, pointer] : [id, pointer]).join(' ');

// Spectral prints a sentence instead of a list when it finds nothing.
const text = fs.readFileSync(theirsFile, 'utf8').trim();
const theirs = new Set((text.startsWith('[') ? JSON.parse(text) : [])
  .map((f) => key(f.source, f.code, LEVELS[f.severity], f.path.map((segment) => '/' + token(segment)).join(''))));
// Ours is one list for each file, a line each.
const ours = new Set(fs.readFileSync(oursFile, 'utf8').split('\n').filter(Boolean)
  .flatMap((line) => JSON.parse(line))
  .map((f) => key(f.site.file, f.id, f.level, f.site.pointer)));

const explained = new Set(fs.readFileSync(explainedFile, 'utf8').split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t').slice(0, 2).join('\t')));

// Behind a reference, Spectral loses its way at a name that an address would write with a percent sign, and tells the finding at what holds
// that name. The same finding further inside is then the same finding.
const isCut = (outer, inner) => {
  const rest = inner.startsWith(outer + '/') && inner.slice(outer.length + 1);
  const next = rest && rest.split('/')[0].replaceAll('~1', '').replaceAll('~0', '');
  return Boolean(next) && encodeURIComponent(next) !== next;
};
const missing = [...theirs].filter((one) => !ours.has(one));
const extra = [...ours].filter((one) => !theirs.has(one));
const isExplained = (one, pairs) => explained.has(`${name}\t${one}`) || pairs(one);
const open = [
  ...missing.filter((one) => !isExplained(one, () => [...ours].some((other) => isCut(one, other)))).map((one) => `- ${one}`),
  ...extra.filter((one) => !isExplained(one, () => [...theirs].some((other) => isCut(other, one)))).map((one) => `+ ${one}`),
];
for (const one of open) console.error(`  ${one}`);

const all = new Set([...theirs, ...ours]).size;
const equal = all - missing.length - extra.length;
const percent = all ? (100 * equal / all).toFixed(2) : '100.00';
const told = missing.length + extra.length - open.length;
console.log([name, theirs.size, ours.size, missing.length, extra.length, told, percent, equal, all].join('\t'));
