const TICKS_PER_EURO = 60_000_000;

/** An amount in ticks as euros, exactly: decimals as far as they go, and a fraction of 60ths where they never end. */
export function euro(ticks: number, point: ',' | '.'): string {
  const sign = ticks < 0 ? '-' : '';
  const size = Math.abs(ticks);
  const whole = Math.floor(size / TICKS_PER_EURO);
  const rest = size % TICKS_PER_EURO;
  const micro = Math.floor(rest / 60);
  const sixtieths = rest % 60;
  const decimals = String(micro)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  const exact = sixtieths === 0 ? '' : ` ${sixtieths}/60 µ`;
  return `${sign}${whole}${point}${decimals}${exact} €`;
}
