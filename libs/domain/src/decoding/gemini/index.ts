export { geminiDecoder } from './decoder';
export { geminiChat, splitGeminiChat, type GeminiChat } from './chat-file';
