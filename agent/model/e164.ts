import { z } from 'zod';

/** A public number in the form of ITU-T E.164, with the plus. */
export const E164Schema = z.string().regex(/^\+[1-9]\d{3,14}$/, 'a number in E.164 form such as +33123456789');
