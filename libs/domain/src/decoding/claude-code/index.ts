export { claudeCodeDecoder } from './decoder';
export { claudeTranscript, type ClaudeTranscript } from './transcript-path';
