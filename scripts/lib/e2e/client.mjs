// Three consumers call GitHub's API through one base URL and count every answer by consumer and operation.
//
// Usage: node client.mjs BASE_URL CONSUMERS.json COUNTS.json

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { Octokit } from '@octokit/rest';

import { curlCalls, sdkCalls } from './calls.mjs';

const [baseUrl, consumersFile, countsFile] = process.argv.slice(2);
const run = promisify(execFile);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const consumers = JSON.parse(await readFile(consumersFile, 'utf8'));
const counts = {};
const statuses = {};

function count(consumer, operation, status) {
  counts[consumer] ??= {};
  counts[consumer][operation] = (counts[consumer][operation] ?? 0) + 1;
  statuses[status] = (statuses[status] ?? 0) + 1;
}

/** An Octokit that counts each answer, whatever its status; no answer at all is an error. */
function sdk(consumer, token) {
  const octokit = new Octokit({ auth: token, baseUrl, log: silent });
  octokit.hook.wrap('request', async (request, options) => {
    // The mock knows `application/json` only; the SDK asks for GitHub's own media type.
    options.headers.accept = 'application/json';
    const operation = `${options.method} ${options.url}`;
    try {
      const response = await request(options);
      count(consumer, operation, response.status);
      return response;
    } catch (error) {
      if (!error.response) throw error;
      count(consumer, operation, error.response.status);
      return error.response;
    }
  });
  return octokit;
}

async function curl(consumer, token, [method, template, path, body]) {
  const data = body === undefined ? [] : ['-H', 'Content-Type: application/json', '--data-binary', body];
  const { stdout } = await run('curl', [
    '-sS', '--path-as-is', '--max-time', '30', '-o', '/dev/null', '-w', '%{http_code}',
    '-X', method ?? 'GET', '-H', `Authorization: token ${token}`, ...data, baseUrl + path,
  ]);
  count(consumer, method ? `${method} ${template}` : template, Number(stdout));
}

/** 0 to 3, different for neighbours, so that no two cells of the table agree by chance; over three consumers never all 0. */
const times = (index, consumer) => (index * 5 + consumer * 3) % 4;

async function consume(index, { name, token }) {
  const octokit = sdk(name, token);
  for (const [at, [method, parameters]] of sdkCalls.entries()) {
    const [namespace, name] = method.split('.');
    for (let n = times(at, index); n > 0; n--) await octokit.rest[namespace][name](parameters);
  }
  for (const [at, call] of curlCalls.entries()) {
    for (let n = times(at, index); n > 0; n--) await curl(name, token, call);
  }
}

await Promise.all(consumers.map((consumer, index) => consume(index, consumer)));
await writeFile(countsFile, JSON.stringify({ counts, statuses }));
