import { cardOf, isOpen, type ModemState, servedBy } from './at-modem-state.ts';
import type { Command, Obeyed } from './at-obey.ts';

/** V.250 and TS 27.007: the modem itself, the network, the signal, data contexts. */
export const BASIC_COMMANDS: readonly Command[] = [
  [/^AT$/, () => ({})],
  [/^ATE([01])$/, ([echo], state) => ({ state: { ...state, echo: echo === '1' } })],
  [/^AT\+CMEE=([012])$/, ([mode], state) => ({ state: { ...state, errors: Number(mode) as 0 | 1 | 2 } })],
  [/^AT\+CMEE\?$/, (_, state) => ({ lines: [`+CMEE: ${state.errors}`] })],
  [/^AT\+CSCS\?$/, () => ({ lines: ['+CSCS: "IRA"'] })],
  [/^AT\+CSTA\?$/, () => ({ lines: ['+CSTA: 129'] })],
  [/^AT\+CRC\?$/, () => ({ lines: ['+CRC: 0'] })],
  [/^AT\+CGSN$/, () => ({ lines: ['867584030012345'] })],
  [/^AT\+CSQ$/, (_, { rssi, ber }) => ({ lines: [`+CSQ: ${rssi},${ber}`] })],
  [
    /^AT\+CESQ$/,
    (_, state) => {
      const isLte = (servedBy(state).network?.technology ?? 0) >= 7;
      const [rsrq, rsrp] = isLte ? [state.rsrq, state.rsrp] : [255, 255];
      return { lines: [`+CESQ: ${isLte ? 99 : 30},99,255,255,${rsrq},${rsrp}`] };
    },
  ],
  [/^AT\+CFUN\?$/, (_, { power }) => ({ lines: [`+CFUN: ${power}`] })],
  [/^AT\+CFUN=([014])(?:,0)?$/, ([power], state) => switchPower(Number(power) as 0 | 1 | 4, state)],
  [/^AT\+CFUN=(?:1,1|15|16)$/, () => ({ restarts: true })],
  [
    /^AT\+(C(?:5G|G|E)?REG)=([0-5])$/,
    ([name = '', n], state) => ({
      state: { ...state, reporting: { ...state.reporting, [name]: Number(n) } },
    }),
  ],
  [
    /^AT\+(C(?:5G|G|E)?REG)\?$/,
    ([name = ''], state) => {
      const n = state.reporting[name] ?? 0;
      return { lines: [`+${name}: ${n},${registrationOf(name, state)}`] };
    },
  ],
  [/^AT\+COPS=([02])$/, ([selected], state) => ({ state: { ...state, left: selected === '2' } })],
  [/^AT\+COPS=3,([02])$/, ([format], state) => ({ state: { ...state, operatorFormat: format === '2' ? 2 : 0 } })],
  [
    /^AT\+COPS\?$/,
    (_, state) => {
      const { network } = servedBy(state);
      if (state.left) return { lines: ['+COPS: 2'] };
      if (network === undefined) return { lines: ['+COPS: 0'] };
      const name = state.operatorFormat === 2 ? network.number : network.name;
      return { lines: [`+COPS: 0,${state.operatorFormat},"${name}",${network.technology}`] };
    },
  ],
  [/^AT\+CGATT=([01])$/, ([on], state) => (on === '0' ? { state: { ...state, contexts: allDown(state) } } : {})],
  [/^AT\+WS46=(25|29)$/, ([system], state) => ({ state: { ...state, upTo3G: system === '29' } })],
  [/^AT\+WS46\?$/, (_, { upTo3G }) => ({ lines: [upTo3G ? '29' : '25'] })],
  [
    /^AT\+CGDCONT=(\d+),"([^"]*)","([^"]*)"$/,
    ([id, type = '', accessPoint = ''], state) => ({
      state: { ...state, contexts: { ...state.contexts, [Number(id)]: { type, accessPoint, up: false } } },
    }),
  ],
  [
    /^AT\+CGDCONT\?$/,
    (_, { contexts }) => ({
      lines: Object.entries(contexts).map(
        ([id, one]) => `+CGDCONT: ${id},"${one.type}","${one.accessPoint}","0.0.0.0",0,0`,
      ),
    }),
  ],
  [/^AT\+CGACT=([01]),(\d+)$/, ([up, id], state) => activate(Number(id), up === '1', state)],
  [
    /^AT\+CGACT\?$/,
    (_, { contexts }) => ({
      lines: Object.entries(contexts).map(([id, { up }]) => `+CGACT: ${id},${up ? 1 : 0}`),
    }),
  ],
  [
    /^AT\+CGCONTRDP=(\d+)$/,
    ([id], { contexts }) => {
      const one = contexts[Number(id)];
      if (!one?.up) return {};
      return {
        lines: [
          `+CGCONTRDP: ${id},5,"${one.accessPoint}","10.64.3.7.255.255.255.252","10.64.3.8","194.2.0.20","194.2.0.50"`,
        ],
      };
    },
  ],
];

/** Below +CREG: <n>=2 the place is not told; with 3 the cause of a refusal is (TS 27.007 7.2, 10.1.22). */
export function registrationOf(name: string, state: ModemState): string {
  const { stat, network, cause } = servedBy(state);
  const n = state.reporting[name] ?? 0;
  // TS 27.007 10.1.22: each network is seen by its own command.
  const isEps = (network?.technology ?? 7) >= 7;
  if (network !== undefined && (name === 'C5GREG' || (name === 'CEREG') !== isEps) && name !== 'CREG') return '0';
  const place = n >= 2 && network ? `,"${network.area}","${network.cell}",${network.technology}` : '';
  return `${stat}${place}${n === 3 && cause !== undefined ? `,,,,0,${cause}` : ''}`;
}

const allDown = ({ contexts }: ModemState): ModemState['contexts'] =>
  Object.fromEntries(Object.entries(contexts).map(([id, one]) => [id, { ...one, up: false }]));

function switchPower(power: 0 | 1 | 4, state: ModemState): Obeyed {
  const contexts = allDown(state);
  const slots = power === 0 ? ([unverified(state.slots[0]), unverified(state.slots[1])] as const) : state.slots;
  return { state: { ...state, power, slots, contexts: power === 1 ? state.contexts : contexts } };
}

const unverified = (card: ModemState['slots'][0]) => card && { ...card, verified: false };

function activate(id: number, up: boolean, state: ModemState): Obeyed {
  const card = cardOf(state);
  const one = state.contexts[id];
  const { stat, network } = servedBy(state);
  if (card === undefined || !isOpen(card)) return { error: card === undefined ? 10 : 11 };
  if (one === undefined) return { error: 50 };
  if (up && ((stat !== 1 && stat !== 5) || network?.isClogged)) return { error: 30 };
  return { state: { ...state, contexts: { ...state.contexts, [id]: { ...one, up } } } };
}
