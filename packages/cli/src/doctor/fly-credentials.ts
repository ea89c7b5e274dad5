/** What can be said of the name of an organization and of a token for Fly's bus before anybody is asked. */

import { bad, type Finding, good, skipped, warning } from './finding.ts';

/** A token of `fly tokens create readonly` has some 690 characters; one that lost its end in a paste has fewer. */
const USUAL_TOKEN_CHARS = 400;

export function judgeSlug(slug: string | undefined): Finding {
  const subject = 'organization';
  if (slug === undefined) return skipped(subject, 'FLY_ORG is not set: no Fly.io source');
  if (slug === 'personal') {
    return bad(
      subject,
      '"personal" is an alias that the bus does not know',
      'set FLY_ORG to the raw slug: fly orgs list',
    );
  }
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug)) {
    return bad(
      subject,
      'FLY_ORG is no slug: lower-case letters, digits and hyphens',
      'set FLY_ORG to the slug, not the name: fly orgs list',
    );
  }
  return good(subject, slug);
}

/** The token is never repeated. */
export function judgeToken(token: string | undefined): Finding {
  const subject = 'access token';
  const create = 'make one with: fly tokens create readonly ORG';
  if (token === undefined) return skipped(subject, 'ACCESS_TOKEN is not set: no Fly.io source');
  const bare = token.trim().replace(/^FlyV1\s+/i, '');
  if (/\s/.test(bare))
    return bad(subject, 'ACCESS_TOKEN has blanks or line breaks inside', `paste it again, in quotes; or ${create}`);
  if (/^["']|["']$/.test(bare))
    return bad(subject, 'ACCESS_TOKEN has quotes around it', 'leave the quotes out of the file');
  if (!bare.startsWith('fm2_')) {
    return warning(subject, 'ACCESS_TOKEN is none of `fly tokens create`: those begin with "FlyV1 fm2_"', create);
  }
  if (bare.length < USUAL_TOKEN_CHARS) {
    return warning(
      subject,
      `ACCESS_TOKEN has ${bare.length} characters, fewer than usual: was it cut off?`,
      `paste all of it; or ${create}`,
    );
  }
  return good(subject, `of the usual shape, ${bare.length} characters`);
}
