/** The verdict of a report, said in Chinese from the same figures: forecasting/report.ts says it in English. */
import type { ModelView } from '../work/views.js';

export function verdictInChinese({ report }: Pick<ModelView, 'report'>): string {
  const { name, blend } = report.model;
  const { scores, windows, test } = report.validation;
  const parts = Object.entries(blend)
    .filter(([, weight]) => weight >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([part, weight]) => `${Math.round(weight * 100)}% ${part}`);
  const described = name === 'auto' && parts.length > 0 ? `auto（${parts.join('、')}）` : name;
  const own = scores[name];
  if (windows === 0 || own === undefined) return `${described}：历史太短，留不出一段来检验，所以这次预测没有经过检验。`;
  const reference = report.data.season > 1 ? 'seasonal-naive' : 'naive';
  const naive = scores[reference];
  const measure = Number.isFinite(own.mase) && Number.isFinite(naive.mase) ? 'mase' : 'smape';
  const label = measure === 'mase' ? 'MASE' : 'sMAPE';
  const digits = (value: number) => value.toFixed(measure === 'mase' ? 2 : 1);
  const over = `在历史中的 ${windows} 个滚动起点上`;
  if (name === reference) return `${name}：${over}，${label} 为 ${digits(own[measure])}。`;
  const [mine, other] = [own[measure], naive[measure]];
  const figures = `${over}，${label} 为 ${digits(mine)}，对比 ${digits(other)}${certainty(test?.p ?? Number.NaN)}`;
  const gain = Math.round(Math.abs(1 - mine / other) * 100);
  const best = Object.keys(scores).reduce((a, b) => (scores[b][measure] < scores[a][measure] ? b : a));
  const rival =
    best !== name && digits(scores[best][measure]) !== digits(mine)
      ? `单用 ${best} 更好（${digits(scores[best][measure])}）。`
      : '';
  if (gain === 0) return `${described} 与 ${reference} 不相上下：${figures}。${rival}`;
  if (mine > other) return `这里 ${reference} 更好：${described} ${figures}。可以改用 ${best}。`;
  return `${described} 比 ${reference} 好 ${gain}%：${figures}。${rival}`;
}

function certainty(p: number): string {
  if (Number.isNaN(p)) return '';
  if (p < 0.001) return '（不是偶然：p < 0.001）';
  return p < 0.05 ? `（不是偶然：p = ${p.toPrecision(1)}）` : `（也可能是偶然：p = ${p.toFixed(2)}）`;
}
