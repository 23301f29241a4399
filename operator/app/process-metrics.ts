export function sampleProcess(_: unknown) {}
