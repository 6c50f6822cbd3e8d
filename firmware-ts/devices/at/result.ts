/** Why a modem refused: +CME ERROR is of the equipment (TS 27.007 9.2), +CMS ERROR of the messages (TS 27.005 3.2.5). */
export type AtRefusal = {
  readonly by: 'cme' | 'cms' | 'plain';
  /** Undefined where the modem gave words (`+CMEE=2`) that no standard lists, or none. */
  readonly code: number | undefined;
  readonly says: string;
};

/** V.250 5.7.1 and TS 27.007 9: how a modem ends its answer. Undefined for every other line. */
export function resultOf(line: string): 'ok' | AtRefusal | undefined {
  switch (line.charCodeAt(0)) {
    case 0x4f: // O
      return line === 'OK' ? 'ok' : undefined;
    case 0x2b: // +
      return line.startsWith('+CM') ? codedRefusal(line) : undefined;
    default:
      return PLAIN.has(line) ? { by: 'plain', code: undefined, says: line } : undefined;
  }
}

/** SIM7600 says COMMAND NOT SUPPORT; ABORTED ends a scan of networks that a typed character interrupted. */
const PLAIN = new Set(['ERROR', 'NO CARRIER', 'NO ANSWER', 'NO DIALTONE', 'BUSY', 'ABORTED', 'COMMAND NOT SUPPORT']);

function codedRefusal(line: string): AtRefusal | undefined {
  const found = /^\+(CME|CMS) ERROR: ?(.*)$/.exec(line);
  if (found === null) return undefined;
  const by = found[1] === 'CME' ? 'cme' : 'cms';
  const says = (found[2] ?? '').trim();
  const code = /^\d{1,5}$/.test(says) ? Number(says) : by === 'cme' ? CME_WORDS[says.toLowerCase()] : undefined;
  return { by, code, says };
}

/** TS 27.007 9.2.1 to 9.2.3: the words of `+CMEE=2` that are met before `+CMEE=1` is heard, in lower case. */
const CME_WORDS: Readonly<Record<string, number>> = {
  'operation not allowed': 3,
  'operation not supported': 4,
  'ph-sim pin required': 5,
  'sim not inserted': 10,
  'sim pin required': 11,
  'sim puk required': 12,
  'sim failure': 13,
  'sim busy': 14,
  'sim wrong': 15,
  'incorrect password': 16,
  'sim pin2 required': 17,
  'sim puk2 required': 18,
  'memory full': 20,
  'not found': 22,
  'no network service': 30,
  'network timeout': 31,
  'network not allowed - emergency calls only': 32,
  'incorrect parameters': 50,
  unknown: 100,
};
