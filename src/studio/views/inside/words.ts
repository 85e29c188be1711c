/** The words of this view. */
import { computed } from '@preact/signals';
import { language } from '../../words/words.js';

const en = {
  title: 'Inside the cell',
  lead: 'An LSTM remembers with a line that runs straight through time, C, and three gates that say what stays on it, what comes on, and what is shown. Here you watch them work on your series, step by step.',
  none: {
    model:
      'Nothing has been trained yet. Load the example, 144 months of airline passengers, and train a small LSTM on it. That takes some seconds on this page.',
    table: (name: string) => `${name} is open, but nothing has been trained on it. Train an LSTM to look inside.`,
    other: (name: string) =>
      `This model, “${name}”, has no LSTM in it, so there are no gates of that kind to look at. Train an LSTM on the same data: it takes the place of this model on the page.`,
    short: 'This series is too short for the networks. Choose another one.',
  },
  example: 'Load the example and train an LSTM',
  train: 'Train an LSTM',
  looking: 'Reading the series with the network …',
  network: 'Network',
  numbered: (n: number) => `no. ${n}`,
  views: { series: 'sees the series', adjusted: 'sees it without its season', scaled: 'sees it in its own spread' },
  time: 'Time',
  play: 'Play',
  pause: 'Pause',
  step: (at: number, all: number) => `step ${at} of ${all}`,
  strip: (id: string) => `${id}. Drag, or use the arrow keys, to move in time.`,
  trail: 'still in C: what is left of what was written at each step',
  who: 'Show',
  mean: 'all units, on average',
  unit: (n: number) => `unit ${n}`,
  unitAll: 'Units',
  previous: 'Previous unit',
  next: 'Next unit',
  cell: {
    title: 'The cell at this step',
    forget: 'forget',
    input: 'input',
    candidate: 'candidate',
    output: 'output',
    open: 'open',
    shut: 'shut',
    kept: 'kept',
    added: 'added',
    key: 'Gates fill up as they open. The lines are as thick as what flows through them; dashed where it is negative.',
    absolute: 'On average over units, C, the candidate and h are shown by size, without their sign.',
  },
  mean_moment: (f: string, i: string, o: string) =>
    `On average the forget gates keep ${f} of C, the input gates let in ${i} of the candidate, and the output gates show ${o}.`,
  open_moment: (open: number, shut: number, all: number) =>
    `Of ${all} forget gates ${open} ${open === 1 ? 'is' : 'are'} wide open and ${shut} shut.`,
  unit_moment: (f: string, before: string, added: string, after: string, o: string) =>
    `It keeps ${f} of C = ${before}, adds ${added}, and so has ${after}. The output gate shows ${o} of that.`,
  left_moment: (share: string, steps: number) =>
    `Of what was written ${steps} steps ago, one season, ${share} is left on the direct path.`,
  left_ten: (share: string, steps: number) =>
    `Of what was written ${steps} steps ago ${share} is left on the direct path.`,
  traces: {
    title: 'One unit over time',
    pick: 'Choose a unit: click on a row of a map below, or use the arrows. Its gates and states over time appear here.',
    gates: 'Gates',
    c: 'C, the long-term state',
    h: 'h, what the cell shows',
    halfLife: 'Half-life',
    steps: (n: string) => `${n} steps`,
    forever: 'forgets nothing',
    direct:
      'The half-life is that of the direct path alone: how long C would take to fade to half through this unit’s own forget gate. What units tell each other through h may last longer, or cut it short.',
    saturated: 'Forget gate',
    share: (open: string, shut: string) => `open (> 0.9) ${open} of the time, shut (< 0.1) ${shut}`,
    picture: (n: number) => `Gates f, i and o, long-term state C and output h of unit ${n} over time`,
  },
  maps: {
    title: 'All units over time',
    lead: 'A row is a unit, a column a step; the units with the longest half-life are at the top. Slow units change over many steps, fast ones flicker with the season. Look for rows of f that stay light: there the cell holds on.',
    f: { name: 'f', what: 'forget gate: how much of C stays' },
    i: { name: 'i', what: 'input gate: how much of the candidate comes in' },
    o: { name: 'o', what: 'output gate: how much is shown' },
    c: { name: 'C', what: 'long-term state' },
    h: { name: 'h', what: 'output' },
    label: (what: string, units: number, steps: number) =>
      `${what}, ${units} units over ${steps} steps. Up and down choose a unit, left and right move in time.`,
    mark: 'Mark saturation',
    marks: 'Thin lines in a row: that gate is held wide open (above 0.9) or shut (below 0.1).',
    share: (open: string, shut: string) => `open ${open} · shut ${shut}`,
  },
};

type InsideWords = typeof en;

const zh: InsideWords = {
  title: '细胞内部',
  lead: 'LSTM 的记忆靠一条笔直穿过时间的线 C，以及三道门：什么留下，什么进来，什么拿出来用。在这里，你可以看着它们在你的序列上一步一步地开合。',
  none: {
    model:
      '还没有训练过模型。可以载入示例（144 个月的航空旅客数），在上面训练一个小的 LSTM。训练就在本页进行，只要几秒钟。',
    table: (name: string) => `${name} 已经打开，但还没有在上面训练过模型。训练一个 LSTM，就能看到里面。`,
    other: (name: string) =>
      `当前模型“${name}”里没有 LSTM，也就没有这三道门可看。可以用同样的数据训练一个 LSTM，它会取代本页现有的模型。`,
    short: '这条序列太短，网络读不了。请换一条。',
  },
  example: '载入示例并训练 LSTM',
  train: '训练 LSTM',
  looking: '网络正在读这条序列……',
  network: '网络',
  numbered: (n: number) => `第 ${n} 个`,
  views: { series: '看原序列', adjusted: '看去掉季节后的序列', scaled: '看按自身波动缩放的序列' },
  time: '时间',
  play: '播放',
  pause: '暂停',
  step: (at: number, all: number) => `第 ${at} 步，共 ${all} 步`,
  strip: (id: string) => `${id}。拖动或按方向键，在时间上移动。`,
  trail: 'C 里还剩多少：每一步写进去的内容，到现在还留着的比例',
  who: '显示',
  mean: '所有单元的平均',
  unit: (n: number) => `单元 ${n}`,
  unitAll: '单元',
  previous: '上一个单元',
  next: '下一个单元',
  cell: {
    title: '这一步的细胞',
    forget: '遗忘门',
    input: '输入门',
    candidate: '候选值',
    output: '输出门',
    open: '全开',
    shut: '关闭',
    kept: '留下',
    added: '写入',
    key: '门开得越大，填得越满。线的粗细就是流过的量；虚线表示负值。',
    absolute: '显示平均时，C、候选值和 h 取绝对值的平均，不带正负号。',
  },
  mean_moment: (f: string, i: string, o: string) =>
    `平均来看，遗忘门让 C 留下 ${f}，输入门放进候选值的 ${i}，输出门拿出 ${o}。`,
  open_moment: (open: number, shut: number, all: number) => `${all} 个遗忘门里，${open} 个全开，${shut} 个关闭。`,
  unit_moment: (f: string, before: string, added: string, after: string, o: string) =>
    `原来 C = ${before}，留下 ${f}，再写入 ${added}，得到 ${after}；输出门拿出其中的 ${o}。`,
  left_moment: (share: string, steps: number) => `${steps} 步（一个季节周期）以前写入的内容，沿直通路径还剩 ${share}。`,
  left_ten: (share: string, steps: number) => `${steps} 步以前写入的内容，沿直通路径还剩 ${share}。`,
  traces: {
    title: '一个单元的全程',
    pick: '选一个单元：点下面热图中的一行，或用箭头。这里就会画出它的门和状态随时间的变化。',
    gates: '三道门',
    c: 'C，长期状态',
    h: 'h，细胞的输出',
    halfLife: '半衰期',
    steps: (n: string) => `${n} 步`,
    forever: '什么也不忘',
    direct:
      '半衰期只算直通路径：仅凭这个单元自己的遗忘门，C 衰减到一半要多少步。单元之间还会通过 h 互相传话，实际的记忆可能更长，也可能更短。',
    saturated: '遗忘门',
    share: (open: string, shut: string) => `${open} 的时间全开（> 0.9），${shut} 的时间关闭（< 0.1）`,
    picture: (n: number) => `单元 ${n} 的门 f、i、o，长期状态 C 和输出 h 随时间的变化`,
  },
  maps: {
    title: '所有单元的全程',
    lead: '一行是一个单元，一列是一步；半衰期最长的单元排在最上面。慢的单元许多步才变一次，快的单元跟着季节闪动。留意 f 图里一直很亮的行：细胞就是在那里把东西记住的。',
    f: { name: 'f', what: '遗忘门：C 留下多少' },
    i: { name: 'i', what: '输入门：候选值进来多少' },
    o: { name: 'o', what: '输出门：拿出多少' },
    c: { name: 'C', what: '长期状态' },
    h: { name: 'h', what: '输出' },
    label: (what: string, units: number, steps: number) =>
      `${what}，${units} 个单元，${steps} 步。上下键选单元，左右键移动时间。`,
    mark: '标出饱和',
    marks: '行里的细线：这道门一直全开（大于 0.9）或关闭（小于 0.1）。',
    share: (open: string, shut: string) => `全开 ${open} · 关闭 ${shut}`,
  },
};

const DICTIONARIES = { en, zh };
export const say = computed((): InsideWords => DICTIONARIES[language.value]);
