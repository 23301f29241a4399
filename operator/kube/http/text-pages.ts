/** What the API server answers with text instead of objects: logs, its version, pages behind a proxy. */

import type { TextPages } from '../client.ts';
import { call } from './call.ts';
import type { Call, CallContext } from './request.ts';

/** The calls of the port `TextPages`. Pages are at most 64 MiB. */
export function textPages(context: CallContext): TextPages {
  return {
    page: ({ path, what }, options = {}) => call(context, pageCall(path, what), options),
  };
}

/** Plain text is asked for last: some pages exist in one form only. */
function pageCall(path: string, what: string): Call {
  return {
    subject: { verb: 'get', target: what },
    exchange: { method: 'GET', path, headers: { accept: 'text/plain, application/json, */*' } },
    resource: 'pages',
  };
}
