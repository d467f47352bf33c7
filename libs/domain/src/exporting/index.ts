export { csvLine, type CsvValue } from './csv';
export { inertJson } from './json';
export { markdownBlock, markdownCell, markdownInline } from './markdown';
export { visibleLine, visibleText } from './visible-text';
