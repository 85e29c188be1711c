/**
 * The development sets: how each is forecast and scored, what others published for it, and what we want to reach.
 *   horizon    steps to forecast; `shorter` names series that are scored on fewer
 *   metricSeason  m of MASE and of the naive forecasts; never handed to the tool
 *   season     handed to the tool, only where integer stamps leave no other way to know it
 *   bars       [method, beginning of the source] in published.csv
 *   goal       of the model `auto`, from the project's plan
 */
const MEASURED = 'measured on these files';
const MONASH = 'Godahewa';
const M4 = 'M4 official';
const LTSF = 'DLinear paper';

const SIX_STEPS = [
  'T49',
  'T50',
  'T54',
  'T55',
  'T56',
  'T57',
  'T58',
  'T60',
  'T65',
  'T67',
  'T68',
  'T69',
  'T70',
  'T71',
  'T72',
];

/** Seasonal naive, Theta and ETS of R on these very files. */
const R_BARS = { seasonalNaive: ['snaive', MEASURED], theta: ['thetaf', MEASURED], ets: ['ets', MEASURED] };

export const SETS = [
  {
    name: 'cif2016',
    horizon: 12,
    shorter: { steps: 6, ids: SIX_STEPS },
    metricSeason: 12,
    bars: R_BARS,
    best: [
      ['LSTM.Cluster (Bandara 2020)', 'Stepnicka'],
      ['LSTMs and ETS (Smyl, winner)', 'Stepnicka'],
      ['N-BEATS', MONASH],
    ],
    goal: { smape: 10.8 },
  },
  {
    name: 'nn5_daily',
    horizon: 56,
    metricSeason: 7,
    bars: R_BARS,
    best: [
      ['Wildi (best)', 'NN5'],
      ['Andrawis, Atiya, El-Shishiny (best neural)', 'NN5'],
      ['TBATS', MONASH],
      ['LSTM stacking, moving window, STL, COCOB (10-seed ensemble)', 'HansikaPH', ['smape']],
    ],
    goal: { smape: 20.4, mase: 0.84 },
  },
  {
    name: 'tourism_quarterly',
    horizon: 8,
    metricSeason: 4,
    bars: R_BARS,
    best: [['N-BEATS', MONASH]],
    goal: { smape: 14.4, mase: 1.47 },
  },
  {
    name: 'tourism_yearly',
    horizon: 4,
    metricSeason: 1,
    bars: R_BARS,
    // The archive's figures are of another split.
    best: [['Theta (Tcomp)', 'Tcomp']],
    goal: { smape: 20.5, mase: 2.7 },
  },
  {
    name: 'm1_monthly',
    horizon: 18,
    metricSeason: 12,
    bars: R_BARS,
    best: [
      ['ETS', MONASH],
      ['N-BEATS', MONASH],
    ],
    goal: { smape: 14.8, mase: 1.05 },
  },
  {
    name: 'm4_hourly',
    horizon: 48,
    metricSeason: 24,
    bars: R_BARS,
    best: [
      ['238 Doornik, J., Hendry, D. & Castle, J.', M4],
      ['118 Smyl, S.', M4],
      ['RNN The M4 Team', M4],
    ],
    goal: { owa: 0.44, wql: 0.032 },
  },
  {
    name: 'm4_weekly',
    horizon: 13,
    metricSeason: 1,
    season: 52,
    bars: R_BARS,
    best: [
      ['238 Doornik, J., Hendry, D. & Castle, J.', M4],
      ['118 Smyl, S.', M4],
      ['RNN The M4 Team', M4],
    ],
    goal: { owa: 0.85 },
  },
  {
    name: 'etth1',
    horizon: 96,
    metricSeason: 24,
    rolling: { scaleRows: 8640, insideFrom: 8640 },
    bars: {},
    best: [
      ['SegRNN (GRU, lookback 720)', LTSF],
      ['DLinear', LTSF],
    ],
    goal: { mse: 0.37, mae: 0.39 },
  },
  {
    name: 'exchange_rate',
    horizon: 96,
    metricSeason: 1,
    rolling: { scaleRows: 5311, insideFrom: 5311 },
    bars: { seasonalNaive: ['Repeat', LTSF] },
    best: [
      ['DLinear', LTSF],
      ['LSTM (Autoformer paper table)', LTSF],
    ],
    goal: {},
  },
  { name: 'vic_elec_2014', horizon: 336, metricSeason: 336, bars: R_BARS, best: [], goal: {} },
  {
    name: 'vic_elec_2014+covariates',
    folder: 'vic_elec_2014',
    horizon: 336,
    metricSeason: 336,
    future: ['workday', 'temperature'],
    bars: R_BARS,
    best: [],
    goal: {},
  },
  { name: 'classics', perSeries: true, bars: {}, best: [], goal: {} },
  { name: 'santafe_laser', horizon: 100, metricSeason: 1, moreModels: ['esn'], bars: R_BARS, best: [], goal: {} },
];

/** For every word the set of that name, else all that have it in their names; all sets without words. */
export function setsNamed(words) {
  const chosen = new Set(
    words.flatMap((word) => {
      const exact = SETS.filter(({ name }) => name === word);
      const matching = exact.length > 0 ? exact : SETS.filter(({ name }) => name.includes(word));
      if (matching.length === 0)
        throw new Error(`no set is called ${word}; there are ${SETS.map(({ name }) => name).join(', ')}.`);
      return matching;
    }),
  );
  return words.length === 0 ? SETS : SETS.filter((set) => chosen.has(set));
}
