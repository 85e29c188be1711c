/** The pictures of the memory lab. */
export { type GradientPicture, gradientPlot } from './gradient-plot.js';
export { type ChartLine, type LineChart, lineChart } from './line-chart.js';
