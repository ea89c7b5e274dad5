// nginx with nchan, where Debian's package is there: one worker, messages in its memory, the same port for SSE and WebSocket.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, startChild, waitUntil } from '../child.ts';
import { freePort } from './ports.ts';
import type { Server } from './server.ts';

export interface NchanServer extends Server {
  port: number;
  publishPath: string;
  subscribePath: string;
}

export const NCHAN_MISSING = 'nginx with nchan is not installed (Debian: apt-get install nginx libnginx-mod-nchan)';

interface Nchan {
  nginx: string;
  module: string;
}

/** nginx says itself where its modules lie. */
export function findNchan(): Nchan | undefined {
  const nginx = findProgram('nginx');
  if (!nginx) return undefined;
  const built = spawnSync(nginx, ['-V'], { encoding: 'utf8' }).stderr;
  const modules = /--modules-path=(\S+)/.exec(built)?.[1];
  const module = modules && join(modules, 'ngx_nchan_module.so');
  return module && existsSync(module) ? { nginx, module } : undefined;
}

export async function startNchan(): Promise<NchanServer> {
  const found = findNchan();
  if (!found) throw new Error(NCHAN_MISSING);
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'flywatch-bench-nginx-'));
  const file = join(dir, 'nginx.conf');
  writeFileSync(
    file,
    `load_module ${found.module};
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log error;
events { worker_connections 4096; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  nchan_shared_memory_size 256M;
  server {
    listen 127.0.0.1:${port} backlog=2048;
    location = /pub {
      nchan_publisher;
      nchan_channel_id bench;
      nchan_message_buffer_length 10000;
      nchan_message_timeout 10s;
    }
    location = /sub {
      nchan_subscriber eventsource websocket;
      nchan_channel_id bench;
      nchan_subscriber_first_message newest;
      nchan_websocket_ping_interval 20s;
    }
  }
}
`,
  );
  const child = startChild({
    name: 'nginx',
    command: found.nginx,
    args: ['-p', dir, '-c', file, '-e', join(dir, 'error.log'), '-g', 'daemon off;'],
  });
  const answers = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/`)).status === 404;
  await waitUntil('nginx answers', answers, child);
  return {
    pid: child.pid,
    port,
    publishPath: '/pub',
    subscribePath: '/sub',
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
