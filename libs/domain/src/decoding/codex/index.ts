export { codexDecoder } from './decoder';
export { codexFile, type CodexFile } from './rollout-path';
