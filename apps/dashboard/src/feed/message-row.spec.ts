import { ComponentFixture, TestBed } from '@angular/core/testing';
import { sampleMessage } from '../testing/samples';
import { loadedItem } from './feed-item';
import { MessageRow } from './message-row';

function render(values: Parameters<typeof sampleMessage>[1]): ComponentFixture<MessageRow> {
  const fixture = TestBed.createComponent(MessageRow);
  fixture.componentRef.setInput('item', loadedItem(sampleMessage(1, values)));
  TestBed.tick();
  return fixture;
}
const textOf = (fixture: ComponentFixture<MessageRow>): string =>
  (fixture.nativeElement as HTMLElement).textContent ?? '';

describe('MessageRow', () => {
  it('shows text as text, whatever it says', () => {
    const fixture = render({ kind: 'prompt', text: '<img src=x onerror=alert(1)><b>bold</b>' });
    const host = fixture.nativeElement as HTMLElement;
    expect(host.querySelector('img, b')).toBeNull();
    expect(textOf(fixture)).toContain('<b>bold</b>');
    expect(textOf(fixture)).toContain('You');
  });

  it('folds a long text and opens it on demand', () => {
    const fixture = render({ text: Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n') });
    expect(textOf(fixture)).not.toContain('line 30');
    const asked = jest.fn();
    fixture.componentInstance.toggled.subscribe(asked);
    (fixture.nativeElement as HTMLElement).querySelector('button')?.click();
    expect(asked).toHaveBeenCalledTimes(1);
    fixture.componentRef.setInput('whole', sampleMessage(1, { text: 'line 0\nline 30' }));
    TestBed.tick();
    expect(textOf(fixture)).toContain('line 30');
  });

  it('shows a failed tool call as such, in words', () => {
    const tool = {
      name: 'mcp__web__open',
      input: '{"url":"http://x/<i>"}',
      result: 'no',
      isError: true,
      durationMs: 1200,
    };
    const fixture = render({ kind: 'tool', author: 'tool', tool });
    expect(textOf(fixture)).toContain('Failed');
    expect(textOf(fixture)).toContain('open');
    expect(textOf(fixture)).toContain('1.2 s');
    expect((fixture.nativeElement as HTMLElement).querySelector('i')).toBeNull();
  });

  it('does not say that a call runs whose session does not', () => {
    const tool = { name: 'Bash', input: '{}', result: null, isError: false, durationMs: null };
    const fixture = render({ kind: 'tool', author: 'tool', tool });
    expect(textOf(fixture)).toContain('Running');
    fixture.componentRef.setInput('goesOn', false);
    TestBed.tick();
    expect(textOf(fixture)).toContain('No result');
  });
});
