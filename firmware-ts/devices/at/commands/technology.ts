export type Technology = '2G' | '3G' | '4G' | '5G';

/** `<AcT>` of TS 27.007 7.2 and 7.3. Dual connectivity (13) is what its users call 5G. */
export function technologyOf(accessTechnology: number | undefined): Technology | undefined {
  return accessTechnology === undefined ? undefined : BY_NUMBER[accessTechnology];
}

const BY_NUMBER: readonly Technology[] = [
  '2G', // 0 GSM
  '2G', // 1 GSM compact
  '3G', // 2 UTRAN
  '2G', // 3 GSM with EGPRS
  '3G', // 4 UTRAN with HSDPA
  '3G', // 5 UTRAN with HSUPA
  '3G', // 6 UTRAN with both
  '4G', // 7 E-UTRAN
  '2G', // 8 EC-GSM-IoT
  '4G', // 9 E-UTRAN NB-S1
  '4G', // 10 E-UTRA to a 5GCN
  '5G', // 11 NR to a 5GCN
  '5G', // 12 NG-RAN
  '5G', // 13 E-UTRA and NR
];
