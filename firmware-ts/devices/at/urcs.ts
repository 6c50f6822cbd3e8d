/** The unsolicited result code that a line is, so that it is never taken for an answer, nor an answer for it. */
export function urcOf(line: string): Urc | undefined {
  const known = BY_BEGINNING.get(line.slice(0, 3));
  return known?.find((urc) => (urc.whole ? line === urc.starts : line.startsWith(urc.starts)));
}

/** Whether the line is a report, and cannot be an answer. */
export const isReport = (urc: Urc, line: string): boolean => urc.answerWhen?.test(line) !== true;

export type Urc = {
  /** How the line begins. */
  readonly starts: string;
  /** The line is nothing but `starts`. */
  readonly whole?: true;
  /** The PDU follows on a line of its own. */
  readonly body?: true;
  /** Lines of this beginning that are answers to the command of that name, and never reports. */
  readonly answerWhen?: RegExp;
  /** Answer and report have the same words: of several lines the last is the answer, the ones before were reports. */
  readonly alike?: true;
  /** The modem has started anew: whatever was asked is forgotten, echo is back. */
  readonly restarted?: true;
};

/** `<n>,<stat>` with both numbers is an answer; a report has `<stat>` alone or its area in quotes (TS 27.007 7.2, 10.1.22). */
const WITH_MODE = /^\+C(?:5G|E|G)?REG: ?\d,\d{1,2}(?:,|$)/;

/** TS 27.007, TS 27.005 and V.250, and the beginnings that all families share. */
const BASE: readonly Urc[] = [
  { starts: 'RING', whole: true },
  { starts: '+CRING:' },
  { starts: '+CLIP:', answerWhen: /^\+CLIP: ?\d,\d$/ },
  { starts: '+CCWA:', answerWhen: /^\+CCWA: ?\d(?:,\d{1,3})?$/ },
  { starts: '+COLP:', answerWhen: /^\+COLP: ?\d,\d$/ },
  { starts: '+CSSI:' },
  { starts: '+CSSU:' },
  { starts: '+CUSD:', answerWhen: /^\+CUSD: ?\d$/ },
  { starts: '+CREG:', answerWhen: WITH_MODE },
  { starts: '+CGREG:', answerWhen: WITH_MODE },
  { starts: '+CEREG:', answerWhen: WITH_MODE },
  { starts: '+C5GREG:', answerWhen: WITH_MODE },
  { starts: '+CGEV:' },
  { starts: '+CMTI:' },
  { starts: '+CDSI:' },
  { starts: '+CMT:', body: true },
  { starts: '+CDS:', body: true },
  { starts: '+CBM:', body: true },
  { starts: '+CIEV:' },
  { starts: '+CTZV:' },
  { starts: '+CTZE:' },
  { starts: '+CTZDST:' },
  { starts: '+CPIN:', alike: true },
  { starts: '+CFUN:', alike: true },
  { starts: '+CSCON:', answerWhen: /^\+CSCON: ?\d,\d/ },
  { starts: 'RDY', whole: true, restarted: true },
];

/** What the families add. One table for all: before the family is known its reports must be known already. */
const FAMILIES: readonly Urc[] = [
  // Quectel EC2x/EG9x AT Commands Manual, 2.3 "URC", and QCFG "urc".
  { starts: '+QIND:' },
  { starts: '+QUSIM:' },
  { starts: '+QSIMSTAT', alike: true },
  { starts: '+QNETDEVSTATUS:', alike: true },
  { starts: '+QIURC:' },
  { starts: '+QPING:' },
  { starts: 'POWERED DOWN', whole: true },
  { starts: 'NORMAL POWER DOWN', whole: true },
  // SIMCom SIM7500/SIM7600 AT Command Manual, 1.6 "unsolicited result codes".
  { starts: 'SMS DONE', whole: true },
  { starts: 'PB DONE', whole: true },
  { starts: 'SMS READY', whole: true },
  { starts: 'CALL READY', whole: true },
  { starts: 'Call Ready', whole: true },
  { starts: 'SMS Ready', whole: true },
  { starts: '+CNSMOD:', answerWhen: /^\+CNSMOD: ?\d,\d/ },
  { starts: '+SIMCARD:' },
  { starts: '*ATREADY:', restarted: true },
  { starts: 'START', whole: true, restarted: true },
  // Telit LE910 AT Commands Reference Guide: #QSS, #PSNT, #NITZ, #STN report without the leading <mode>.
  { starts: '#QSS:', answerWhen: /^#QSS: ?\d,\d/ },
  { starts: '#NITZ:', answerWhen: /^#NITZ: ?\d/ },
  { starts: '#STN:' },
  { starts: '#SIMDET:', answerWhen: /^#SIMDET: ?\d,\d/ },
  // Sierra Wireless EM/MC74xx: ATH-like reports of the application start with an asterisk.
  { starts: '*PSNMODE:' },
  { starts: '+WIND:', answerWhen: /^\+WIND: ?\d{2,}/ },
  // u-blox: every report of its own begins so (u-blox cellular AT commands manual, appendix "URC").
  { starts: '+UUSI' },
  { starts: '+UUPSD' },
  { starts: '+UMWI:', answerWhen: /^\+UMWI: ?\d$/ },
  { starts: '+UREG:', answerWhen: /^\+UREG: ?\d,\d/ },
  { starts: '+UUSORD:' },
  { starts: '+UUHTTPCR:' },
  // Fibocom L860, FM150, FM350: card presence and firmware state.
  { starts: '+SIM:' },
  { starts: '+MSSIM:' },
  { starts: '+GTDUALSIM :' },
  { starts: '+SIMREADY' },
  { starts: '+CPAS:', alike: true },
  // Huawei and the modules that inherited its reports.
  { starts: '^RSSI:' },
  { starts: '^HCSQ:', alike: true },
  { starts: '^MODE:' },
  { starts: '^SRVST:' },
  { starts: '^SIMST:', alike: true },
  { starts: '^STIN:' },
  { starts: '^NWTIME:' },
  { starts: '^BOOT:' },
  { starts: '^DSFLOWRPT:' },
  { starts: '^CEND:' },
  { starts: '^CONN:' },
  { starts: '^NDISSTAT:' },
  { starts: '^SYSSTART', restarted: true },
];

/** A modem in a storm says thousands of lines a second: they are looked up by their first three characters. */
const BY_BEGINNING: ReadonlyMap<string, readonly Urc[]> = [...BASE, ...FAMILIES].reduce(
  (map, urc) => map.set(urc.starts.slice(0, 3), [...(map.get(urc.starts.slice(0, 3)) ?? []), urc]),
  new Map<string, readonly Urc[]>(),
);
