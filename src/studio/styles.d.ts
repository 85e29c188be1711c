/** Style sheets that a view brings along; the bundler loads them with it. */
declare module '*.css';
