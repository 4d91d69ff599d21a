export * from './clock';
export * from './crash-at';
export * from './graceful-stop';
export * from './names';
export * from './suggestion-seal';
