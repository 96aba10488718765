//! Adds up the rows of both tables: `totals.mjs CONTRACTS RULESETS PERCENT_MIN`. Explained differences count as differences here; in our own
//! rulesets, which are made to hit the odd cases, each one must be explained.

import fs from 'node:fs';

const [contracts, rulesets, percentMin] = process.argv.slice(2);
const rows = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));
const sum = (table, column) => table.reduce((total, row) => total + Number(row[column]), 0);
const percent = (table) => Number((100 * sum(table, 7) / Math.max(1, sum(table, 8))).toFixed(2));
const [real, own] = [rows(contracts), rows(rulesets)];

const result = {
  contracts: real.length,
  findings: sum(real, 8),
  equal_percent: percent(real),
  rulesets: own.length,
  ruleset_findings: sum(own, 8),
  ruleset_equal_percent: percent(own),
};
const open = sum(own, 3) + sum(own, 4) - sum(own, 5);
if (open > 0) console.error(`${open} differences in our own rulesets are not explained`);
console.log(JSON.stringify(result));
const holds = real.length >= 12 && result.equal_percent >= Number(percentMin) && own.length > 0 && open === 0;
process.exit(holds ? 0 : 1);
