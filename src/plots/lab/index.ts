/** The pictures of the memory lab. */
export { type GradientPicture, gradientPlot } from './gradient-plot.js';
export { type ChartLine, type LineChart, lineChart } from './line-chart.js';
export { type TracePanel, type TracesPicture, tracesPlot } from './traces-plot.js';
export { type TrainingHeatPicture, trainingHeatPlot } from './training-heat-plot.js';
