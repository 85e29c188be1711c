/** Tables that come with the page, to try it with. */
import { openFile } from '../../actions.js';
import type { Roles } from '../../work/views.js';

export interface Example {
  /** Its words. */
  readonly name: 'airline' | 'shops';
  readonly file: string;
  readonly roles: Partial<Roles>;
}

export const EXAMPLES: readonly Example[] = [
  { name: 'airline', file: 'airline-passengers.csv', roles: {} },
  {
    name: 'shops',
    file: 'shops.csv',
    roles: { time: 'day', target: 'units', id: 'shop', past: ['visitors'], static: ['region'] },
  },
];

export async function openExample({ file, roles }: Example): Promise<void> {
  const response = await fetch(`./examples/${file}`);
  await openFile(new File([await response.blob()], file), roles);
}
