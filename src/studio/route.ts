/** Which view is open: the hash of the address, so that the back button, bookmarks and links work. */
import { signal } from '@preact/signals';

export const ROUTES = ['forecast', 'inside', 'why'] as const;
export type Route = (typeof ROUTES)[number];

const routeOf = (hash: string): Route => ROUTES.find((name) => `#${name}` === hash) ?? 'forecast';

export const route = signal<Route>(routeOf(location.hash));
addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});
