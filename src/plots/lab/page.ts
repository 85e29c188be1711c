/** The sheet that every picture of the lab is drawn on: heading, style, words for those who cannot see it. */
import { drawHeading } from '../heading.js';
import { element, escapeText } from '../svg.js';
import { ROOT_CLASS, styleSheet } from '../theme.js';
import { labRules } from './lab-theme.js';

export interface Page {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** The picture in words. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** Free space at the left and right. */
export const EDGE = 24;

/** Where the drawing may begin below a heading. */
export function headingHeight({ subtitle }: { readonly subtitle?: string | undefined }): number {
  return subtitle === undefined || subtitle === '' ? 52 : 72;
}

/** The whole SVG: standalone, no scripts, no links. `rules`: style that only this picture needs. */
export function drawPage(page: Page, content: string, rules = ''): string {
  const { title, subtitle, description, width, height } = page;
  const heading = drawHeading({ title, subtitle, panels: [] }, EDGE, width - 2 * EDGE);
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, style: 'max-width:100%;height:auto' };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', class: ROOT_CLASS, role: 'img', ...size },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText(description)),
    element('style', {}, `${styleSheet()}${labRules()}${rules}`),
    element('rect', { class: 'ground', width, height }),
    heading.markup,
    content,
  );
}
