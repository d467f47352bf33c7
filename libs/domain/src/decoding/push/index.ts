export { pushDecoder } from './decoder';
