export { openCodeDecoder } from './decoder';
export { openCodeFile, type OpenCodeFile } from './store-path';
