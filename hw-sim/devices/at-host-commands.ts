import { withOpenSim } from './at-card-commands.ts';
import { tpduOctets } from './at-message-commands.ts';
import { servedBy } from './at-modem-state.ts';
import type { Command } from './at-obey.ts';

const says = (form: RegExp, line: string): Command => [form, () => ({ lines: [line] })];
const takes = (form: RegExp): Command => [form, () => ({})];

/**
 * What other hosts than ours ask of a modem before they use it, as ModemManager does: settings of V.250 that change nothing
 * here, and which values a command takes.
 */
export const HOST_COMMANDS: readonly Command[] = [
  takes(/^AT(?:V1|X[0-4]|&C1|&D[012]|H0?|Q0)$/),
  says(/^AT\+GCAP$/, '+GCAP: +CGSM'),
  says(/^AT\+C?GMR$/, 'RELAISSIM01A01'),
  // 2G, 3G and LTE, as a modem of category 4.
  says(/^AT\+WS46=\?$/, '+WS46: (12,22,25,28,29,31)'),
  says(/^AT\+CSCS=\?$/, '+CSCS: ("IRA","GSM","UCS2")'),
  takes(/^AT\+CSCS="(?:IRA|GSM|UCS2)"$/),
  says(/^AT\+CGDCONT=\?$/, '+CGDCONT: (1-8),"IPV4V6",,,(0-2),(0-4)'),
  says(/^AT\+CLCK=\?$/, '+CLCK: ("SC")'),
  says(/^AT\+CMGF=\?$/, '+CMGF: (0,1)'),
  says(/^AT\+CNMI=\?$/, '+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)'),
  says(/^AT\+CPMS=\?$/, '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'),
  says(/^AT\+CESQ=\?$/, '+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)'),
  // TS 27.005 3.2.3: one storage at a time, or two.
  [
    /^AT\+CPMS="(\w+)"(?:,"(\w+)")?$/,
    ([first, second], state) =>
      withOpenSim(state, ({ messages }) => {
        if ([first, second].some((name) => name !== 'SM' && name !== 'ME' && name !== '')) return { error: -302 };
        const part = `${messages.filter((place) => place !== undefined).length},${messages.length}`;
        return { lines: [`+CPMS: ${part},${part},${part}`] };
      }),
  ],
  // TS 27.005 4.3: what was unread stays so here; whoever wants it read lists it.
  [
    /^AT\+CMGR=(\d+)$/,
    ([index], state) =>
      withOpenSim(state, ({ messages }) => {
        const one = messages[Number(index)];
        if (one === undefined) return { error: -321 };
        return { lines: [`+CMGR: ${one.status},,${tpduOctets(one.pdu)}\r\n${one.pdu}`] };
      }),
  ],
  // TS 27.007 8.9: what +CIND tells; bars of the signal from one to five.
  says(/^AT\+CIND=\?$/, '+CIND: ("signal",(0-5)),("service",(0-1)),("roam",(0-1))'),
  [
    /^AT\+CIND\?$/,
    (_, state) => {
      const { stat, network } = servedBy(state);
      const bars = state.rssi === 99 ? 0 : Math.min(5, Math.ceil(state.rssi / 6));
      return { lines: [`+CIND: ${bars},${network === undefined ? 0 : 1},${stat === 5 ? 1 : 0}`] };
    },
  ],
];
