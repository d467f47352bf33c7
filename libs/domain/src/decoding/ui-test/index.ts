export { uiTestDecoder } from './decoder';
export { runFile, type RunFile } from './run-file';
