/** The two grammars of RFC 1123 by which Kubernetes names things (apimachinery's pkg/util/validation). */

/** A DNS label, 1 to 63 characters: what a namespace is called, and a Service. */
export const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A DNS subdomain, 1 to 253 characters in labels between dots: what most other objects are called. */
export const DNS_SUBDOMAIN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
