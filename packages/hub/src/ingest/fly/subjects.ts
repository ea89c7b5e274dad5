/**
 * Subjects of Fly's bus: `logs.<app>.<region>.<machine>` (facts, 5.3), and which of them the configuration asks for
 * (seed 002's table).
 */

/** What to subscribe to, and what of that to leave out. */
export interface SubjectPlan {
  readonly subjects: readonly string[];
  /** Whether builders' lines are taken: they come with every organization that deploys, and few want them. */
  readonly builders: boolean;
  /** How the choice reads in the log. */
  readonly description: string;
}

const BUILDER = 'fly-builder-';

/**
 * `apps` from FLY_APP, `ownApp` from FLY_APP_NAME: `*` is everything, names are those apps, nothing is the own app, and
 * without an own app everything.
 */
export function planSubjects(apps: readonly string[] | undefined, ownApp: string | undefined): SubjectPlan {
  const builders = (apps ?? []).some((app) => app.startsWith(BUILDER));
  const named = [...new Set((apps ?? []).filter((app) => app !== '*' && app !== `${BUILDER}*`))];
  const all = { subjects: ['logs.>'], builders };
  if (apps?.includes('*') || apps?.includes(`${BUILDER}*`))
    return { ...all, description: 'all apps of the organization' };
  if (named.length > 0) {
    return {
      subjects: named.map((app) => `logs.${app}.>`),
      builders,
      description: `the app${named.length > 1 ? 's' : ''} ${named.join(', ')}`,
    };
  }
  if (ownApp !== undefined) {
    return {
      subjects: [`logs.${ownApp}.>`],
      builders: true,
      description: `only this app, ${ownApp} (FLY_APP is not set; FLY_APP=* watches the whole organization)`,
    };
  }
  return { ...all, description: 'all apps of the organization' };
}

export interface SubjectLabels {
  readonly app: string | undefined;
  readonly region: string | undefined;
  readonly instance: string | undefined;
  /** The subject wins over the payload (DESIGN, section 3). */
  readonly wins: true;
}

/** Tokens that stand where there is nothing to say, as for edge errors that reached no machine (facts, 5.4). */
const NOBODY = new Set(['', 'unknown', 'null', 'none', '-', '_']);

/** Labels that a subject gives; tokens beyond the fourth say nothing. */
export function parseSubject(subject: string): SubjectLabels {
  const [, app, region, instance] = subject.split('.');
  return { app: token(app), region: token(region), instance: token(instance), wins: true };
}

function token(text: string | undefined): string | undefined {
  return text === undefined || NOBODY.has(text) ? undefined : text;
}

export function isBuilder(app: string | undefined): boolean {
  return app?.startsWith(BUILDER) ?? false;
}
