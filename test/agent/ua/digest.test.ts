import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SipResponse } from '../../../agent/model/sip-text.ts';
import { answerChallenge, type Hash, readChallenge } from '../../../agent/ua/digest.ts';

const hash: Hash = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');
const challenged = (status: 401 | 407, ...values: readonly string[]): SipResponse => ({
  ...{ kind: 'response', status, phrase: '', body: '' },
  headers: values.map((value) => [status === 401 ? 'www-authenticate' : 'proxy-authenticate', value]),
});
const RFC_7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const MUFASA = { user: 'Mufasa', password: 'Circle of Life' };
const WANTED = { method: 'GET', uri: '/dir/index.html', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' };

describe('digest authentication', () => {
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('X-1, RFC 7616 3.9.1: answers its own example with %s', (algorithm, response) => {
    const challenge = readChallenge(challenged(401, `Digest ${RFC_7616}, algorithm=${algorithm}`));
    if (challenge === undefined) throw new Error('not read');
    const [[name, value], used] = answerChallenge(challenge, MUFASA, WANTED, hash);
    expect(name).toBe('authorization');
    expect(value).toContain(`response="${response}"`);
    expect(value).toContain('nc=00000001');
    expect(answerChallenge(used, MUFASA, WANTED, hash)[0][1]).toContain('nc=00000002');
  });

  it('RFC 8760 2.3: takes the stronger of two challenges, and none that asks for auth-int alone', () => {
    const both = challenged(407, `Digest ${RFC_7616}, algorithm=MD5`, `Digest ${RFC_7616}, algorithm=SHA-256`);
    expect(readChallenge(both)).toMatchObject({ algorithm: 'SHA-256', proxy: true });
    expect(readChallenge(challenged(401, 'Digest realm="r", nonce="n", qop="auth-int"'))).toBeUndefined();
    expect(readChallenge(challenged(401, 'Basic realm="r"'))).toBeUndefined();
  });

  it('RFC 2069: without qop there is no count and no cnonce', () => {
    const challenge = readChallenge(challenged(401, 'Digest realm="r", nonce="n"'));
    if (challenge === undefined) throw new Error('not read');
    const [[, value]] = answerChallenge(challenge, MUFASA, WANTED, hash);
    const expected = hash('MD5', `${hash('MD5', 'Mufasa:r:Circle of Life')}:n:${hash('MD5', 'GET:/dir/index.html')}`);
    expect(value).toContain(`response="${expected}"`);
    expect(value).not.toContain('cnonce');
  });
});
