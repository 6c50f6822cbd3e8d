import { pbkdf2Sync, randomBytes } from 'node:crypto';

const SALT_BYTES = 12;
const KEY_BYTES = 64;
/** What `mosquitto_passwd` takes. Stretching adds nothing to a secret of 192 random bits, and each connection pays for it. */
const ITERATIONS = 101;

/** D-3, M-7: a secret that nobody chose and no other device has. */
export const createSecret = (): string => randomBytes(24).toString('base64url');

/** One line of Mosquitto's password file in its `$7$` form: PBKDF2 with HMAC-SHA-512. */
export function passwordLine(username: string, secret: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const key = pbkdf2Sync(secret, salt, ITERATIONS, KEY_BYTES, 'sha512');
  return `${username}:$7$${ITERATIONS}$${salt.toString('base64')}$${key.toString('base64')}`;
}
