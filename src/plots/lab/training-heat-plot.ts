/** How far back a gradient reaches while cells learn: training steps to the right, lags up, lightness for what is left. */
import type { GradientInTraining } from '../../lab/index.js';
import { pathOfLine } from '../strokes.js';
import { element, text } from '../svg.js';
import { ROOT_CLASS } from '../theme.js';
import { drawAxes, powerOfTen } from './axes.js';
import { drawHeat, drawShades } from './heat-map.js';
import { drawPage, EDGE, headingHeight } from './page.js';

export interface TrainingHeatPicture {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly panels: readonly { readonly name: string; readonly training: GradientInTraining }[];
  /** What the darkest shade stands for, as log10; the lightest is 1 and more. */
  readonly darkest?: number | undefined;
  readonly width?: number | undefined;
}

const GAP = 34;
const HEIGHT = 300;
/** Lines are drawn where so much is left, as log10. */
const CONTOURS = [-2, -4];

export function trainingHeatPlot(picture: TrainingHeatPicture): string {
  const { title, subtitle, panels, darkest = -6, width = 960 } = picture;
  const columns = Math.min(panels.length, 3);
  const rows = Math.ceil(panels.length / columns);
  const panelWidth = (width - 2 * EDGE - (columns - 1) * GAP) / columns;
  const top = headingHeight(picture) + 16;
  const rowHeight = HEIGHT + 96;
  const drawn = panels.map((panel, i) =>
    drawPanel(
      panel,
      EDGE + (i % columns) * (panelWidth + GAP),
      top + Math.floor(i / columns) * rowHeight,
      panelWidth,
      darkest,
    ),
  );
  const below = top + rows * rowHeight + 6;
  const labels = [`${powerOfTen(darkest)} or less`, powerOfTen(darkest / 2), '1 or more'];
  const scale =
    text('label muted', EDGE, below + 10, 'share of the gradient that is left:') +
    drawShades(EDGE + 260, below, 240, labels) +
    text('label muted', EDGE + 560, below + 10, 'lines: above them less than 1 %, 0.01 % is left');
  const described = panels.map(({ name, training: { points } }) => {
    const last = points[points.length - 1];
    return `${name}: after ${last.updates} updates ${powerOfTen(Math.round(last.kept[last.kept.length - 1]))} is left at the longest lag.`;
  });
  const description = `Heat maps of the share of the gradient that is left by lag and training step. ${described.join(' ')}`;
  const rules = `.${ROOT_CLASS} .halo{fill:none;stroke:#1d0f33;stroke-width:3;stroke-opacity:.55}.${ROOT_CLASS} .contour{fill:none;stroke:#fff;stroke-width:1.5}.${ROOT_CLASS} .fine{stroke-dasharray:4 3}`;
  return drawPage({ title, subtitle, description, width, height: below + 40 }, [...drawn, scale].join(''), rules);
}

function drawPanel(
  { name, training: { points, measure } }: TrainingHeatPicture['panels'][number],
  left: number,
  top: number,
  width: number,
  darkest: number,
): string {
  const lags = points[0].kept.length;
  const last = points[points.length - 1];
  const area = { left, right: left + width, top: top + 40, bottom: top + 40 + HEIGHT };
  const scales = drawAxes(
    area,
    { label: 'updates', domain: [0, last.updates], exact: true },
    { label: 'steps back', domain: [0, lags], exact: true },
  );
  const heat = drawHeat(
    { left: scales.left, right: scales.right, top: scales.top, bottom: scales.bottom },
    lags,
    points.length,
    (lag, column) => 1 - Math.min(0, Math.max(darkest, points[column].kept[lag])) / darkest,
  );
  const columnWidth = (scales.right - scales.left) / points.length;
  const contours = CONTOURS.filter((level) => level > darkest).map((level, i) => {
    const path = pathOfLine(
      points.map(({ kept }, column) => {
        const gone = kept.findIndex((value) => value < level);
        return [scales.left + (column + 0.5) * columnWidth, gone < 0 ? Number.NaN : scales.y(gone)];
      }),
    );
    if (path === null || path === '') return '';
    // Dark beneath, so that it is seen on light ground too.
    return (
      element('path', { class: 'halo', d: path }) +
      element('path', { class: i === 0 ? 'contour' : 'contour fine', d: path })
    );
  });
  const heading = text(
    'panel-title',
    left,
    top + 6,
    `${name}: ${measure} ${Number(last.score.toPrecision(2))} in the end`,
  );
  return heading + scales.markup + heat + contours.join('');
}
