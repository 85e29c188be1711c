/** What the pictures say in Chinese; in English: plots/picture-words.ts. */
import type { PictureWords } from '../../plots/picture-words.js';
import { TICK_FORMATS } from '../chart/tick-formats.js';
import { zh } from './zh.js';

export const PICTURES_ZH: PictureWords = {
  forecastTitle: (what, horizon, unit) => `${what}：未来 ${horizon} ${zh.units[unit as keyof typeof zh.units] ?? unit}`,
  backtestTitle: (what, windows, horizon) => `${what}：${windows} 次回测，每次预测 ${horizon} 步`,
  series: (count) => `${count} 条序列`,
  history: '历史',
  observed: '实际值',
  actual: '实际值',
  forecast: (model) => (model === undefined ? '预测' : `预测（${model}）`),
  interval: (level) => `${level}% 区间`,
  intervalOf: (level, model) => `${model} 的 ${level}% 区间`,
  cutoff: '截止点：之后的数据没有给模型看',
  byStep: (error) => `各预测步的 ${error}`,
  below: (error) => `下方是各预测步的 ${error}。`,
  noValues: '没有可画的值',
  noSeries: '没有可画的序列。',
  ownScale: '每幅小图各有自己的刻度。',
  notShown: (count) => `另有 ${count} 条序列没有画出。`,
  describeForecast(model, panels) {
    const sentences = panels.map(({ id, observed, steps, levels, compared }) => {
      const intervals = levels.length > 0 ? `，带 ${levels.map((level) => `${level}%`).join('、')} 区间` : '';
      return `${id}：已知 ${observed} 步，预测 ${steps} 步${intervals}${compared ? '，并与实际值对照' : ''}。`;
    });
    return [`时间序列折线图${model ? `，由 ${model} 预测` : ''}。`, ...sentences].join('');
  },
  describeBacktest(models, panels) {
    const sentences = panels.map(({ id, origins }) => `${id}：从 ${origins} 个起点出发的预测，画在实际值之上。`);
    return [`${models.join('、')} 的回测折线图。`, ...sentences].join('');
  },
  dates: TICK_FORMATS.zh!,
};
