/** The tables, in Markdown. */

const MEASURES = {
  smape: { name: 'sMAPE', digits: 2 },
  mase: { name: 'MASE', digits: 3 },
  owa: { name: 'OWA', digits: 3 },
  wql: { name: 'WQL', digits: 4 },
  mse: { name: 'MSE', digits: 3 },
  mae: { name: 'MAE', digits: 3 },
};

/** @param run { options, machine, versions, results, published } */
export function report(run) {
  const { options, published } = run;
  const lines = [
    `# Accuracy`,
    '',
    options.inside
      ? `**Inside the training parts**: the last horizon of each was held out${options.back > 0 ? `, ${options.back} horizons further back` : ''}; no test file was opened. Figures of others are of the test parts, for orientation only.`
      : 'Forecasts of the official test parts by the package as built, beside figures that others published or that R gives on these very files. Made by the command below; nothing here is written by hand.',
    '',
    ...against(run),
    '',
    ...details(run),
    '',
    ...perSeries(run),
    '## How',
    '',
    ...explanations(run),
  ];
  if (published.sources.length > 0)
    lines.push('', '## Sources', '', ...published.sources.map((text, i) => `${i + 1}. ${text}`));
  return `${lines.join('\n')}\n`;
}

/** Every set beside the bars: the measures that its literature uses. */
function against({ options, results, published }) {
  const { models, sets } = options;
  const head = [
    'set',
    'series, m, h',
    'measure',
    'seasonal naive',
    'Theta',
    'ETS',
    'published',
    'goal',
    ...models.map(bold),
  ];
  const rows = sets.flatMap((set) => {
    const own = models.map((model) => results.find((result) => result.set === set.name && result.model === model));
    const first = own.find((result) => result && !result.skipped);
    if (!first) return [];
    const keys = set.rolling ? ['mse', 'mae'] : ['smape', 'mase', ...(set.goal.owa ? ['owa'] : [])];
    const cells = (object) => keys.map((key) => number(object?.[key], key)).join(' / ');
    const bar = (spec) => {
      const found = spec && published.bar(set, spec);
      return found ? `${cells(found)} [${found.note}]` : '';
    };
    const named = (spec) => {
      const found = published.bar(set, spec);
      return found ? [`${found.method} ${cells(found)} [${found.note}]`] : [];
    };
    const seasonalNaive =
      set.bars.seasonalNaive && !options.inside ? bar(set.bars.seasonalNaive) : `${cells(first.seasonalNaive)}`;
    return [
      [
        set.name,
        `${first.series}, ${first.metricSeason ?? set.metricSeason ?? 'own'}, ${first.horizon ?? 'own'}`,
        keys.map((key) => MEASURES[key].name).join(' / '),
        seasonalNaive,
        bar(set.bars.theta),
        bar(set.bars.ets),
        set.best.flatMap(named).join('<br>'),
        Object.entries(set.goal)
          .map(([key, value]) => `${MEASURES[key].name} ≤ ${value}`)
          .join(', '),
        ...own.map((result) => (!result ? '' : result.skipped ? `(${result.skipped})` : cells(result.scores))),
      ],
    ];
  });
  return table(head, rows);
}

function details({ options, results }) {
  const head = [
    'set',
    'model',
    'sMAPE',
    'MASE',
    'OWA',
    'WQL',
    'inside 80 %',
    'inside 95 %',
    'season',
    'fit',
    'predict',
    'peak',
  ];
  const rows = results.map((result) => {
    if (result.skipped) return [result.set, result.model, `skipped: ${result.skipped}`];
    const { scores, seconds, season } = result;
    const given = options.season ?? options.sets.find(({ name }) => name === result.set).season;
    return [
      result.set,
      result.model,
      ...['smape', 'mase', 'owa', 'wql'].map((key) => number(scores[key], key)),
      percent(scores.coverage80),
      percent(scores.coverage95),
      season === null ? 'own' : `${season}${given && given !== 'auto' ? ' (given)' : ''}`,
      `${seconds.fit.toFixed(1)} s`,
      `${seconds.predict.toFixed(1)} s`,
      `${result.peakMiB.toFixed(0)} MiB`,
    ];
  });
  return ['## Every model', '', ...table(head, rows)];
}

/** Sets whose series were forecast one by one. */
function perSeries({ results }) {
  const split = results.filter(({ detail }) => detail);
  if (split.length === 0) return [];
  const [first] = split;
  const head = ['series', 'm, h', 'seasonal naive', ...split.map(({ set, model }) => `${set} ${bold(model)}`)];
  const cells = ({ smape, mase }) => `${number(smape, 'smape')} / ${number(mase, 'mase')}`;
  const rows = first.detail.map(({ name, metricSeason, horizon, seasonalNaive }, i) => [
    name,
    `${metricSeason}, ${horizon}`,
    cells(seasonalNaive),
    ...split.map(({ detail }) => (detail[i]?.name === name ? cells(detail[i].scores) : '')),
  ]);
  return ['## Series by series: sMAPE / MASE', '', ...table(head, rows), ''];
}

function explanations({ options, machine, versions, results }) {
  const rolling = results.filter(({ origins }) => origins);
  const undefinedMase = results.filter(({ scores }) => scores?.undefinedMase > 0);
  return [
    `- \`${options.command}\`, ${machine.date}; ${versions}, Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; load before: ${machine.load.toFixed(1)}.`,
    '- One call per set with default options, except for the levels 20, 40, 60, 80, 95, which hold the deciles of WQL; series of `classics` one by one. “fit” and “predict” are those calls on this machine, “peak” is the memory of the whole process.',
    '- The season is the one that the tool found by itself unless it says “given”. m is the season of MASE and of the naive forecasts only.',
    '- sMAPE and MASE: means over series of each series’ mean. WQL: 2·Σ pinball / Σ|y| over the levels .1 … .9. OWA against the naive 2 forecast on the same points. Inside: share of all test values within the interval.',
    ...(rolling.length > 0
      ? [
          `- ${[...new Set(rolling.map(({ set }) => set))].join(', ')}: fitted once, then forecast from every ${ordinal(rolling[0].stride)} origin of the ${options.inside ? 'validation' : 'test'} part (${[...new Set(rolling.map(({ set, origins }) => `${set} ${origins}`))].join(', ')} origins; the papers take every one), errors of z-scores over all channels.`,
        ]
      : []),
    ...(undefinedMase.length > 0
      ? [
          `- MASE is not defined (no change in the history) and left out for ${undefinedMase.map(({ set, model, scores }) => `${scores.undefinedMase} series of ${set} (${model})`).join(', ')}.`,
        ]
      : []),
  ];
}

function table(head, rows) {
  const line = (cells) => `| ${head.map((_, i) => cells[i] ?? '').join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

const bold = (text) => `**${text}**`;
const number = (value, key) => (Number.isFinite(value) ? value.toFixed(MEASURES[key].digits) : '–');
const percent = (share) => (Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '–');
const ordinal = (n) => (n === 1 ? 'single' : `${n}th`);
