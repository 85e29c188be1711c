/** The verdict of a back-test, said in Chinese from the same figures: forecasting/backtest-frame.ts says it in English. */
import type { BacktestScores } from '../../index-browser.js';
import type { BacktestView } from '../work/views.js';

export function backtestInChinese({
  scores,
  windows,
  test,
}: Pick<BacktestView, 'windows' | 'test'> & { readonly scores: readonly BacktestScores[] }): string {
  const over = `在 ${windows} 个窗口上`;
  const [first] = scores;
  if (!test) return `${first.model}：${over}，${figure(first)}。`;
  const { model, reference, p, n } = test;
  const [own, other] = [model, reference].map((name) => scores.find((row) => row.model === name)!);
  const figures = `${over}，${figure(own)}，对比 ${figure(other).replace(/^\S+ /, '')}`;
  if (Number.isNaN(p)) return `${model} 与 ${reference}：${figures}；预测太少，说不出更多。`;
  const certainty = `（p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}，Diebold-Mariano 检验，${n} ${test.over === 'series' ? '条序列' : '步'}）`;
  if (p >= 0.05) return `${model} 与 ${reference} 的差别可能只是偶然：${figures}${certainty}。`;
  return `${model} 比 ${reference} ${test.statistic < 0 ? '好' : '差'}：${figures}${certainty}。`;
}

function figure({ mase, smape }: BacktestScores): string {
  return Number.isFinite(mase) ? `MASE ${mase.toFixed(2)}` : `sMAPE ${smape.toFixed(1)}`;
}
