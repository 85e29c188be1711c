/** 简体中文。 */
import { shortNumber } from '../../../plots/number-ticks.js';
import { type CellForm, hasForgetBias, hasStart, type Kind, type Start } from './cell-form.js';
import type { en } from './en.js';

const kinds: Record<Kind, string> = {
  rnn: 'tanh RNN',
  irnn: 'IRNN',
  leaky: '漏积分 RNN',
  gru: 'GRU',
  'lstm-1997': '1997 年的 LSTM',
  lstm: 'LSTM',
};
const starts: Record<Start, string> = {
  uniform: 'U(±1/√H)',
  wide: 'U(−1, 1)',
  orthogonal: '正交矩阵',
  identity: '单位矩阵',
};

export const zh: typeof en = {
  title: '为什么要有门',
  lead: '循环网络的学习，靠的是把误差沿时间一步一步往回传。误差能传回来多少？门改变了什么？哪些网络真的学会了记忆？都可以在这里亲眼看到。',
  chain: {
    title: '每一步都在做乘法',
    lead: '每一步都按同样的比例留下一部分，一百步以后，要么几乎什么都不剩，要么多得不可收拾。',
    factor: '每一步乘以',
    picture: (n: number) => `从 0 到 ${n} 步，每一步还剩多少（条形图）`,
    after: (n: number) => `${n} 步后`,
    sentence: (factor: string, left: string, n: number, direction: number) =>
      direction === 0
        ? `每一步乘以 ${factor}，走多少步都一点不少：记忆要的正是这个。`
        : direction < 0
          ? `每一步乘以 ${factor}，${n} 步以后只剩 ${left}。`
          : `每一步乘以 ${factor}，${n} 步以后变成原来的 ${left} 倍。`,
    so: '沿时间反向传播就是这样一条连乘的链：每往回一步，就多一个因子。在普通网络里，这个因子是权重矩阵乘以 tanh 的斜率，很难恰好在 1 附近。而沿着 LSTM 的长期状态 C 直走，这个因子就只是遗忘门 f：一个 0 到 1 之间的数。该记住的时候，网络可以学会让它保持在 1 附近。',
  },
  gradient: {
    title: '误差能传回来多少',
    lead: '取一个还什么都没学过的网络，从最后一步把误差往回传，看它传到前面每一步时还有多大。',
    measuring: '正在测量……',
    cell: '单元类型',
    kinds,
    start: '循环权重的初始化',
    starts,
    forgetBias: '遗忘门偏置 b_f',
    chrono: 'chrono：按序列长度设定门的时间尺度',
    chronoShort: 'chrono',
    units: '单元数',
    lag: '长度',
    steps: (n: number, whole = false) => (whole ? `全程 ${n} 步` : `${n} 步`),
    showShort: '显示反向传播的“简式”',
    keep: '留下这条线',
    full: (most: number) => `已经留了 ${most} 条。去掉一条，才能再留。`,
    name: ({ kind, start, forgetBias, chrono }: CellForm) =>
      [
        kinds[kind],
        ...(hasForgetBias(kind) ? [chrono ? 'chrono' : `b_f = ${shortNumber(forgetBias)}`] : []),
        ...(hasStart(kind) && (kind === 'rnn' || start !== 'uniform') ? [starts[start]] : []),
      ].join('，'),
    ofUnits: (n: number) => `${n} 个单元`,
    shortForm: '反向传播的简式',
    left: (name: string, lag: number, left: string, grown: boolean) =>
      grown ? `${name}：往回 ${lag} 步，梯度变成 ${left} 倍。` : `${name}：往回 ${lag} 步，梯度还剩 ${left}。`,
    means: {
      lost: '与最后一步的误差相加，即使用 64 位浮点数也会被舍掉：那么久以前的事，这个网络什么也学不到。',
      faint: '很微弱，但还在：学习可以抓住它，让它变大。',
      kept: '那么久以前的事，它仍然学得到。',
      grown: '比一开始还大：梯度爆炸了，每一步学习都像闭着眼睛往前跳。',
    },
    beside: (other: string, times: string, direction: number) =>
      direction > 0 ? `这是旁边那条线（${other}）的 ${times} 倍。` : `旁边那条线（${other}）是它的 ${times} 倍。`,
    short: (left: string) => `而漏掉了 C 这条通路的简式，会说只剩 ${left}。`,
    picture: (lag: number) => `往回 0 到 ${lag} 步，梯度还剩多少（对数坐标）。`,
    described: (name: string, left: string) => `${name}：最后剩 ${left}。`,
    xName: '往回的步数',
    yName: '梯度还剩多少',
    table: '图中的各条线',
    line: '线',
    leftAfter: (n: number) => `往回 ${n} 步还剩`,
    reach: '剩 1 % 以上',
    drop: (name: string) => `去掉这条线：${name}`,
    note: (seeds: number) =>
      `图中是 ∂L/∂h 的大小与最后一步之比：线为 ${seeds} 次随机抽取（权重和输入）的中位数，色带为四分位区间。全部在本页用 64 位浮点数实测。指向图中任意一处，就能读出各条线在那里的值。线说的是网络从哪里出发，而不是它最后能学到什么。`,
  },
  race: {
    title: '看谁学会记住',
    lead: '一道只考记忆的题，几个各有 32 个单元的网络，就在这个网页上，现在一起学。',
    asks: {
      adding: (n: number) => `依次读入 ${n} 个数，其中两个带有标记。读完以后，要答出这两个数的和。`,
      'temporal-order': (n: number) =>
        `依次读入 ${n} 个符号，其中有两个是 X 或 Y。读完以后，要答出它们是什么、谁先谁后。`,
    },
    another: '换一条序列',
    marked: (at1: number, one: string, at2: number, two: string) =>
      `用条形表示各个数。带标记的：第 ${at1} 步的 ${one} 和第 ${at2} 步的 ${two}。`,
    sum: (one: string, two: string, sum: string) => `正确答案：${one} + ${two} = ${sum}`,
    spelled: (symbols: string) => `序列：${symbols}`,
    order: (order: string) => `正确答案：${order}`,
    task: '题目',
    tasks: { adding: '加法', 'temporal-order': '先后次序' },
    length: '序列长度',
    beside: '和普通 RNN 一起学的',
    cells: {
      rnn: '普通 RNN',
      gru: 'GRU',
      lstm: 'LSTM',
      'lstm-chrono': 'LSTM，chrono',
      'lstm-short': 'LSTM，简式',
    },
    subjects: {
      rnn: '普通 RNN',
      gru: 'GRU',
      lstm: 'LSTM',
      'lstm-chrono': '用 chrono 初始化的 LSTM',
      'lstm-short': '用简式学习的 LSTM',
    },
    start: '开始',
    again: '再来一次',
    stop: '停止',
    progress: '训练进度',
    beginning: '正在开始……',
    invitation: (most: number) => `每个网络最多更新 ${most} 次。按“开始”，看它们学。`,
    solved: (name: string, updates: number) => `${name} 更新 ${updates} 次后学会了`,
    guessing: (name: string, best: string, guess: string, running: boolean) =>
      `${name} ${running ? '还' : '一直'}停在瞎猜的水平（最好 ${best}，瞎猜是 ${guess}）`,
    between: (name: string, best: string, guess: string, running: boolean) =>
      `${name} 比瞎猜强，但${running ? '还' : ''}没有学会（最好 ${best}，瞎猜是 ${guess}）`,
    soFar: (clauses: readonly string[]) => `目前：${clauses.join('；')}。`,
    stopped: (clauses: readonly string[]) => `提前停下：${clauses.join('；')}。`,
    none: (most: number, clauses: readonly string[]) => `更新 ${most} 次，没有一个学会：${clauses.join('；')}。`,
    all: (clauses: readonly string[]) => `${clauses.join('；')}。`,
    picture: '学习曲线：测试序列上的成绩随更新次数的变化。',
    described: (name: string, updates: number, score: string) => `${name}：更新 ${updates} 次后为 ${score}。`,
    updates: '更新次数',
    error: '测试序列上的均方误差',
    shareRight: '测试序列上答对的比例',
    guessLevel: (score: string) => `瞎猜：${score}`,
    goalLevel: '学会',
    answers: {
      adding: '它们对一部分测试序列的回答：横为正确答案，竖为它的回答，落在斜线上就是答对',
      'temporal-order': '它们对一部分测试序列的回答：一点一条，实心为答对',
    },
    scatter: (n: number) => `对 ${n} 条测试序列的回答与正确答案：落在对角线上就是答对`,
    rightOf: (right: number, all: number) => `${all} 条里答对 ${right} 条`,
    isSolved: '学会了',
    standing: (updates: number, most: number, score: string) => `更新 ${updates} / ${most} 次 · ${score}`,
    score: {
      adding: (score: string) => `误差 ${score}`,
      'temporal-order': (score: string) => `正确率 ${score}`,
    },
    note: '每次更新用 64 条新抽的序列；Adam 学习率 0.005，普通 RNN 用 0.001（普通单元需要小一些的步子）；每 50 次更新在 256 条序列上测试。“学会”指误差不超过 0.01，或答对 99 %。每次开始都重新抽取，所以每一场的数字都不一样。离开本页，训练就停止。',
  },
  equations: {
    title: '关键只在一行',
    lead: '在 LSTM 的全部计算里，承载记忆的就是这一行：C 由门决定留下多少，再加上新的内容，从不与权重矩阵相乘。',
    forward: '往前算',
    back: '误差往回传',
    end: '省略号是经由第 t 步的输出传来的部分。“简式”只写了这部分，漏掉了标出的那一项，也就是笔直穿过时间的那条路。f 等于 1，误差就原样通过，路再长也不打折扣；f 等于 0，过去就被忘掉。而 f 是学出来的。',
    link: '去看训练好的网络里，门是怎样开合的。',
  },
};
