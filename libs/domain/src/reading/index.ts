export { unreadPosition, type FilePosition } from './file-position';
export { FileReader, joinedFact, type Brought, type FileFact, type ReadLine } from './file-reader';
export { FileReading, type ReadRecord } from './file-reading';
