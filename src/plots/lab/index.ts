/** The pictures of the memory lab. */

export { type AttractorPicture, attractorPlot } from './attractor-plot.js';
export { type GradientPicture, gradientPlot } from './gradient-plot.js';
export {
  type LearningPicture,
  learningPlot,
  type NamedPoints,
  type SuccessPicture,
  successPlot,
} from './learning-plots.js';
export { type ChartLine, type LineChart, lineChart } from './line-chart.js';
export { openingPlot } from './opening-plot.js';
export { type TracePanel, type TracesPicture, tracesPlot } from './traces-plot.js';
export { type TrainingHeatPicture, trainingHeatPlot } from './training-heat-plot.js';
