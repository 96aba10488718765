// Compares the clients' own counts with `towpath usage`, cell by cell, and with the upstream's count.
//
// Usage: node compare.mjs COUNTS.json USAGE_FOLDER UPSTREAM_CALLS CONTRACT_LOAD_MS
// USAGE_FOLDER holds consumer.json (`usage --by consumer`) and operation-N.json (`usage --by operation
// --consumer` of the Nth consumer). Exits 1 on any difference.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const [countsFile, folder, upstreamCalls, contractLoadMs] = process.argv.slice(2);
const read = async (path) => JSON.parse(await readFile(path, 'utf8'));
const { counts, statuses } = await read(countsFile);
const sum = (values) => Object.values(values).reduce((a, b) => a + b, 0);

const byConsumer = await read(join(folder, 'consumer.json'));
const differences = [];
const differ = (what, expected, found) => {
  if (expected !== found) differences.push(`${what}: clients counted ${expected}, towpath ${found}`);
};

const lines = [];
for (const [index, [consumer, own]] of Object.entries(counts).entries()) {
  const report = await read(join(folder, `operation-${index}.json`));
  const metered = Object.fromEntries(report.rows.map((row) => [row.name, row.calls]));
  for (const operation of new Set([...Object.keys(own), ...Object.keys(metered)])) {
    differ(`${consumer}, ${operation}`, own[operation] ?? 0, metered[operation] ?? 0);
  }
  const row = byConsumer.rows.find((row) => row.name === consumer);
  differ(consumer, sum(own), row?.calls ?? 0);
  lines.push([consumer, Object.keys(own).length, sum(own), row?.calls ?? 0]);
}
const known = Object.keys(counts);
for (const row of byConsumer.rows.filter((row) => !known.includes(row.name))) differ(row.name, 0, row.calls);

const calls = known.reduce((total, consumer) => total + sum(counts[consumer]), 0);
const operations = new Set(known.flatMap((consumer) => Object.keys(counts[consumer]))).size;
differ('sent upstream', Number(upstreamCalls), byConsumer.total.attempts);
differ('all calls', calls, byConsumer.total.calls);
lines.push(['in all', operations, calls, byConsumer.total.calls]);

console.log(`${'consumer'.padEnd(16)}${'operations'.padStart(11)}${'counted'.padStart(9)}${'metered'.padStart(9)}`);
for (const [name, ...figures] of lines) {
  console.log(name.padEnd(16) + figures.map((figure, i) => String(figure).padStart([11, 9, 9][i])).join(''));
}
console.log(`\nanswers by status: ${Object.entries(statuses).map(([status, n]) => `${n} x ${status}`).join(', ')}`);
console.log(`the upstream counted ${upstreamCalls}, the gateway sent ${byConsumer.total.attempts}; contract loaded in ${contractLoadMs} ms`);
for (const difference of differences) console.log(`DIFFERENT ${difference}`);
console.log(JSON.stringify({
  operations, calls, mismatches: differences.length, contract_load_ms: Number(contractLoadMs),
}));
if (differences.length > 0 || operations < 40) process.exit(1);
