/** Writes examples/shops.csv and shops-ahead.csv: made-up sales of three shops, with what moves them. The same numbers every time. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DAYS = 210;
const AHEAD = 14;
const SHOPS = [
  { id: 'harbour', region: 'coast', level: 120 },
  { id: 'station', region: 'city', level: 210 },
  { id: 'market', region: 'city', level: 80 },
];
const WEEK = [0.8, 0.85, 0.9, 1, 1.25, 1.5, 0.7];

let state = 11;
/** In [−1, 1). */
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
};

const history = ['shop,day,units,price,promo,visitors,region'];
const ahead = ['shop,day,price,promo'];
for (const { id, region, level } of SHOPS) {
  let price = 4;
  for (let t = 0; t < DAYS + AHEAD; t++) {
    const day = new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);
    if (t % 28 === 0) price = Math.round((4 + random()) * 10) / 10;
    const promo = random() > 0.75;
    const usual = level * WEEK[t % 7] * (1 + 0.0008 * t);
    const units = Math.round(usual * (4 / price) ** 1.5 * (promo ? 1.4 : 1) * (1 + 0.06 * random()));
    const visitors = Math.round(6 * usual * (1 + 0.1 * random()));
    if (t < DAYS) history.push([id, day, units, price, promo, visitors, region].join());
    else ahead.push([id, day, price, promo].join());
  }
}
const write = (name, lines) =>
  writeFileSync(fileURLToPath(new URL(`../examples/${name}`, import.meta.url)), `${lines.join('\n')}\n`);
write('shops.csv', history);
write('shops-ahead.csv', ahead);
