/** Readers of addresses, each of what it is connected to. */

export function readHost(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (!/^[\w.:%-]+$/.test(host)) throw new Error('expected an address or a host name');
  return host;
}

export function readHttpUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Error('expected an address such as https://api.fly.io');
  return url.href.replace(/\/$/, '');
}

export function readOrigins(text: string): readonly string[] {
  return text.split(',').map((given) => {
    const origin = given.trim();
    if (origin === '*') return origin;
    const url = URL.parse(origin);
    if (url === null || url.origin === 'null' || url.origin !== origin.replace(/\/$/, '').toLowerCase()) {
      throw new Error('expected origins such as https://status.example.com, without a path, or *');
    }
    return url.origin;
  });
}

export function readServers(text: string): readonly string[] {
  return text.split(',').map((given) => {
    const server = given.trim();
    const url = URL.parse(server.includes('://') ? server : `nats://${server}`);
    if (url === null || url.hostname === '' || !['nats:', 'tls:'].includes(url.protocol)) {
      throw new Error('expected an address such as nats://[fdaa::3]:4223');
    }
    if (url.username !== '' || url.password !== '') {
      throw new Error('a user or password in the address is not used; put them into FLY_ORG and ACCESS_TOKEN');
    }
    return `${url.protocol}//${url.hostname}:${url.port === '' ? '4222' : url.port}`;
  });
}

export function readDatabaseUrl(text: string): string {
  const url = URL.parse(text.trim());
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.hostname === '') {
    throw new Error('expected an address such as postgresql://user:pass@host:5432/database');
  }
  return text.trim();
}

export function readRedisUrl(text: string): string {
  const url = text.trim();
  if (!/^rediss?:\/\/[^/\s]+/.test(url)) throw new Error('expected an address such as redis://user:pass@host:6379');
  return url;
}

export function readRelayUrl(text: string): string {
  const servers = text.split(',').map((server) => server.trim());
  for (const server of servers) {
    if (!/^(?:nats|tls):\/\/\S+$/.test(server) || !URL.canParse(server))
      throw new Error('expected an address such as nats://user:pass@host:4222');
  }
  return servers.join(',');
}
