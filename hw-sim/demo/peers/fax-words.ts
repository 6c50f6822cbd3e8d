/** A line that Kamailio challenges for each call. */
export const FAX_LINE = '+33172890001';
export const CALLED = '0199000001';
/** Dearer than what is open at activation (V-6). */
export const BARRED = '0899000001';
