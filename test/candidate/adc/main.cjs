// Stands in for the adc sidecar: takes pushes on a unix socket, and is as deaf to SIGTERM as the real one.
//
// PUT /sync?number=N&duration_ms=D answers after D ms and writes a JSON line when the push begins and ends,
// with the machine's monotonic clock. A push goes on when its caller dies, as in reality.
// As PID 1 without a handler it ignores SIGTERM; SIGINT ends it.
'use strict';

const fs = require('node:fs');
const http = require('node:http');

const flag = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

if (process.argv[2] !== 'server') {
  console.error(`adc: only the command "server" is known here, not "${process.argv[2] ?? ''}"`);
  process.exit(2);
}
const socket = (flag('--listen') ?? '').replace(/^unix:(\/\/)?/, '');
const statusPort = Number(flag('--listen-status') ?? 3001);
if (!socket.startsWith('/')) {
  console.error('adc: --listen must be unix:/path/of/the.sock');
  process.exit(2);
}

const journal = (event, fields) =>
  console.log(
    JSON.stringify({
      event,
      ...fields,
      time: new Date().toISOString(),
      mono_ns: Number(process.hrtime.bigint()),
    }),
  );

const pushes = http.createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://adc');
  request.resume();
  if (request.method !== 'PUT' || url.pathname !== '/sync') {
    response.writeHead(404).end();
    return;
  }
  const push = {
    identity: request.headers['x-identity'] ?? '',
    number: Number(url.searchParams.get('number') ?? 0),
  };
  journal('sync-begin', push);
  setTimeout(
    () => {
      journal('sync-end', push);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"success"}');
    },
    Number(url.searchParams.get('duration_ms') ?? 0),
  );
});

const status = http.createServer((request, response) => {
  response.writeHead(request.url === '/healthz/ready' ? 200 : 404).end();
});

fs.rmSync(socket, { force: true });
pushes.listen(socket, () => {
  fs.chmodSync(socket, 0o660);
  journal('listening', { socket, statusPort });
});
status.listen(statusPort);
process.on('SIGINT', () => process.exit(0));
