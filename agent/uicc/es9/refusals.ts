/** Why a server said no: the codes of SGP.22 5.2.6, and what to do about it. */
export type Es9Refusal = { readonly subject: string; readonly reason: string; readonly says: string };

export const es9Refusal = (subject: string, reason: string, message: string): Es9Refusal => ({
  subject,
  reason,
  says: KNOWN[`${subject}/${reason}`] ?? message.slice(0, 200),
});

/** SGP.22 5.6, the status codes of each function; the text says what to do. */
const KNOWN: Readonly<Record<string, string>> = {
  '8.1/4.8': 'the eUICC has not enough memory: delete a profile first',
  '8.1/6.1': 'the server does not believe the signature of this eUICC: it is no genuine one, or its maker is unknown',
  '8.1.1/2.1': 'this eUICC has no EID that the server takes',
  '8.1.1/3.8': 'the order is for another eUICC: ask the operator to issue it for this EID',
  '8.1.2/6.1': 'the certificate of the eUICC’s maker is not valid',
  '8.1.2/6.3': 'the certificate of the eUICC’s maker has expired',
  '8.1.3/6.1': 'the certificate of the eUICC is not valid',
  '8.1.3/6.3': 'the certificate of the eUICC has expired',
  '8.2/1.2': 'the profile is not to be had now: ask the operator',
  '8.2/3.7': 'the package is not to be had any more: ask the operator for a new activation code',
  '8.2.1/1.2': 'the profile is not to be had now: ask the operator',
  '8.2.5/3.7': 'there is no profile for this eUICC: ask the operator',
  '8.2.5/4.3': 'no profile fits this eUICC: ask the operator',
  '8.2.6/3.8': 'the matching id is refused: the code was used before, or was copied wrongly',
  '8.2.7/2.2': 'a confirmation code is needed: give the one that came with the order',
  '8.2.7/3.8': 'the confirmation code is wrong: check it before trying again, the tries are counted',
  '8.2.7/6.4': 'too many wrong confirmation codes: ask the operator for a new order',
  '8.8.1/3.8': 'the server does not go by this name: check the activation code',
  '8.8.2/3.1': 'the server and the eUICC have no common root of trust',
  '8.8.3/3.1': 'the server does not speak this version of the protocol',
  '8.8.4/3.7': 'the server has no certificate under a root that this eUICC knows',
  '8.8.5/4.10': 'the order has expired: ask the operator for a new one',
  '8.8.5/6.4': 'too many tries: ask the operator for a new order',
  '8.9/5.1': 'the discovery service does not answer',
  '8.10.1/3.9': 'the server does not know this session any more: start again',
  '8.11.1/3.9': 'the server does not know the root of this eUICC',
};
