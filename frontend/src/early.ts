import { applyTheme, storedTheme } from './view/theme.ts';

// Runs before the first paint, so that a dark page does not begin with a white flash.
applyTheme(storedTheme());
