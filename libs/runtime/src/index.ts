export * from './clock';
export * from './crash-at';
export * from './graceful-stop';
export * from './names';
export { createSuggestionSeal } from './suggestion-seal';
