/** Parsing each state of a resource once, for reconciling and failover alike. */
import { parseResource } from '../../api/parse.ts';
import { oncePerObject } from '../../base/once-per-object.ts';

/** As `parseResource`: a Ha, or every problem with its path. A parser that throws does so each time. */
export const parseOnce = oncePerObject(parseResource);
