import { bash, grep, prompt, read, say, write, type Story } from '../script';

export const glossary: Story = {
  tool: 'gemini',
  older: true,
  title: 'A glossary for the handbook',
  project: 'handbook',
  branch: 'main',
  model: 'gemini-2.5-flash',
  endedHoursAgo: 4.3,
  steps: [
    prompt('Collect the terms that the handbook uses without explaining them.'),
    grep('\\b[A-Z]{3,}\\b', 'chapters/02-orders.md:14\nchapters/05-returns.md:31\nchapters/07-audit.md:8'),
    read('chapters/05-returns.md', 'An RMA is opened by the desk before the parcel leaves.'),
    say('Eleven abbreviations are never explained. RMA and SKU are used most.'),
    write('chapters/99-glossary.md', '# Glossary\n\n**RMA**: the number a return travels under.\n'),
    bash('npx markdownlint chapters', '9 files, no problems', 2100),
    say('The glossary explains all eleven, each with the chapter that uses it first.'),
  ],
};
