import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface ReadPdf {
  readonly pages: readonly string[];
  readonly annotations: number;
  readonly title: string;
}

const reader = `
import { readFile } from 'node:fs/promises';
import { extractText, getDocumentProxy, getMeta } from 'unpdf';
const pdf = await getDocumentProxy(new Uint8Array(await readFile(process.argv[1])));
const { text: pages } = await extractText(pdf, { mergePages: false });
let annotations = 0;
for (let page = 1; page <= pdf.numPages; page++)
  annotations += (await (await pdf.getPage(page)).getAnnotations()).length;
const { info } = await getMeta(pdf);
process.stdout.write(JSON.stringify({ pages, annotations, title: info.Title }));`;

/** Reads a PDF with pdf.js, in a process of its own: it comes as modules that Jest does not load. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-pdf-'));
  try {
    const file = join(folder, 'read.pdf');
    await writeFile(file, bytes);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', reader, file],
      {
        cwd: process.cwd(),
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return JSON.parse(stdout) as ReadPdf;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
