import { TestBed } from '@angular/core/testing';
import type { Source } from '@telltale/contracts';
import { SourceMark } from './source-mark';
import { sources } from './vocabulary';
import { sourceWords } from './words';

function render(source: Source, quiet: boolean): HTMLElement {
  const fixture = TestBed.createComponent(SourceMark);
  fixture.componentRef.setInput('source', source);
  fixture.componentRef.setInput('quiet', quiet);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('SourceMark', () => {
  it('is another for each source', () => {
    const glyphs = sources.map((source) => render(source, true).querySelector('path')?.getAttribute('d'));
    expect(new Set(glyphs).size).toBe(sources.length);
  });

  it.each(sources)('names %s where it stands alone', (source) => {
    const host = render(source, false);
    expect([host.title, host.textContent?.trim()]).toEqual([sourceWords[source], sourceWords[source]]);
    expect(render(source, true).textContent?.trim()).toBe('');
  });
});
