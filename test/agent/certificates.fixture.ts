/** Certificates for servers of tests, made by openssl when they are asked for. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from '../support/debian.ts';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly certFile: string;
}

/** A self-signed certificate for `name` that ends in so many days; a negative number is one that has ended. */
export function makeCertificate(folder: string, name: string, days: number): Certificate {
  const openssl = requireProgram('openssl', { debianPackage: 'openssl' });
  const stem = `${name}-${days}`;
  const keyFile = join(folder, `${stem}.key`);
  const certFile = join(folder, `${stem}.crt`);
  const requestFile = join(folder, `${stem}.csr`);
  const configFile = join(folder, `${stem}.cnf`);
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  run(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    keyFile,
    '-out',
    requestFile,
    '-subj',
    `/CN=${name}`,
    '-addext',
    `subjectAltName=DNS:${name}`,
  );
  // `openssl ca` alone takes both dates on all versions in use, and wants a small file tree for it.
  execFileSync('sh', ['-c', `: > index-${stem}.txt; echo 01 > serial-${stem}`], { cwd: folder });
  execFileSync('tee', [configFile], {
    input: `[ca]\ndefault_ca=d\n[d]\ndatabase=${folder}/index-${stem}.txt\nserial=${folder}/serial-${stem}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  run(
    'ca',
    '-batch',
    '-notext',
    '-selfsign',
    '-config',
    configFile,
    '-keyfile',
    keyFile,
    '-in',
    requestFile,
    '-out',
    certFile,
    '-startdate',
    stamp(-40),
    '-enddate',
    stamp(days),
  );
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), certFile };
}

/** Half a day on top, so that a whole number of days is left whenever the test runs. */
function stamp(days: number): string {
  const at = new Date(Date.now() + (days + 0.5) * 86_400_000);
  return `${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
}
