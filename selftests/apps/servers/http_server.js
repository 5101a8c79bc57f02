// SPDX-License-Identifier: GPL-2.0-only
// Serves the files of a directory over HTTP with Node.js: http_server.js PORT DIRECTORY
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');

const [port, directory] = process.argv.slice(2);

// The thread pool opens and reads, and wakes the loop by an eventfd.
function answer(request, response) {
  const file = path.join(directory, path.basename(request.url));
  fs.stat(file, (error, stat) => {
    if (error) return response.writeHead(404).end();
    response.writeHead(200, {'Content-Length': stat.size});
    fs.createReadStream(file).pipe(response);
  });
}

// No timer of its own ends a wait: it would also deliver what a lost wake-up left in the ready list.
const server = http.createServer({
  connectionsCheckingInterval: 3600e3,
  headersTimeout: 0,
  keepAliveTimeout: 0,
  requestTimeout: 0,
}, answer);
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => server.close());
