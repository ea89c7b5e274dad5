/** `/openapi.json`, made from the route table. */

import { ERRORS } from '../errors.ts';
import { ROUTES, type RouteDefinition } from './routes.ts';

/** The description of the whole API, OpenAPI 3.1. */
export function describeApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, route] of Object.entries(ROUTES) as [string, RouteDefinition][]) {
    const path = route.path.replace('/*', '/{file}').replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = describeRoute(operationId, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flywatch',
      version,
      description: 'One place for every log line and every host figure of a small fleet.',
      license: { name: 'MIT' },
    },
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'AUTH_TOKEN; INGEST_TOKEN, or that of an agent, where a route only writes.',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'flywatch_session', description: 'What POST /session sets.' },
      },
      schemas: {
        Error: {
          type: 'object',
          required: ['error', 'code', 'status'],
          properties: {
            error: { type: 'string' },
            code: { type: 'string', enum: Object.keys(ERRORS) },
            status: { type: 'integer' },
          },
        },
      },
    },
  };
}

function describeRoute(operationId: string, route: RouteDefinition): object {
  const file = route.path.includes('*')
    ? [{ name: 'file', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
  const parameters = [
    ...file,
    ...(route.parameters ?? []).map(({ name, in: place, description }) => ({
      name,
      in: place,
      ...(place === 'path' ? { required: true } : undefined),
      description,
      schema: { type: 'string' },
    })),
  ];
  const refusals = new Set<number>(route.statuses ?? []);
  if (route.access !== 'open') for (const status of [401, 403]) refusals.add(status);
  if (route.parameters !== undefined) refusals.add(400);
  const responses: Record<string, object> = {};
  const content = contentOf(route.produces ?? ['application/json']);
  const otherSuccess = (route.statuses ?? []).some((status) => status < 400);
  if (!otherSuccess) responses['200'] = { description: 'Success', content };
  for (const status of [...refusals].sort()) responses[status] = describeStatus(status);
  if (refusals.has(201)) responses['201'] = { description: 'Made', content };
  return {
    operationId,
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : undefined),
    ...(route.takes === undefined ? undefined : { requestBody: { content: contentOf(route.takes) } }),
    responses,
    security:
      route.access === 'open' ? [] : route.access === 'write' ? [{ token: [] }] : [{ token: [] }, { session: [] }],
  };
}

function contentOf(types: readonly string[]): object {
  return Object.fromEntries(types.map((type) => [type, {}]));
}

function describeStatus(status: number): object {
  if (status < 400)
    return { description: status === 101 ? 'Switching to WebSocket' : status === 302 ? 'Leads elsewhere' : 'Done' };
  const codes = Object.entries(ERRORS)
    .filter(([, error]) => error.status === status)
    .map(([code]) => code);
  return {
    description: codes.join(', '),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
}
