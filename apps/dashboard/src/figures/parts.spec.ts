import { TestBed } from '@angular/core/testing';
import { Pips } from './pips';
import { sparklinePoints } from './sparkline';
import { stepParts } from './step';
import { shortModel, toolName } from './words';

describe('stepParts', () => {
  it('sets what is worked on as code', () => {
    expect(stepParts('Editing src/cart.ts')).toEqual({ words: 'Editing', code: 'src/cart.ts' });
    expect(stepParts('Searching for a|b')).toEqual({ words: 'Searching for', code: 'a|b' });
    expect(stepParts('The baseline is noisy.')).toEqual({ words: 'The baseline is noisy.', code: '' });
  });
});

describe('sparklinePoints', () => {
  it('spans the width and the height', () => {
    expect(sparklinePoints([0, 5, 10])).toBe('0.0,27.0 60.0,14.0 120.0,1.0');
    expect(sparklinePoints([0, 0])).toBe('0.0,27.0 120.0,27.0');
    expect(sparklinePoints([3])).toBe('');
  });
});

describe('names', () => {
  it('are short', () => {
    expect(shortModel('claude-sonnet-4-5-20250929')).toBe('sonnet-4-5');
    expect(shortModel('anthropic/claude-sonnet-4-5')).toBe('sonnet-4-5');
    expect([toolName('mcp__my__server__tool_x'), toolName('Bash')]).toEqual(['server__tool_x', 'Bash']);
  });
});

describe('Pips', () => {
  const render = (completed: number, total: number): HTMLElement => {
    const fixture = TestBed.createComponent(Pips);
    fixture.componentRef.setInput('completed', completed);
    fixture.componentRef.setInput('total', total);
    fixture.componentRef.setInput('active', true);
    TestBed.tick();
    return fixture.nativeElement as HTMLElement;
  };

  it('shows done, current and open ones, and says so in words', () => {
    const host = render(1, 3);
    expect([...host.querySelectorAll('i')].map((pip) => pip.className)).toEqual(['done', 'now', '']);
    expect(host.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('1 of 3 objectives done');
  });

  it('says many as a number', () => {
    expect(render(31, 44).textContent).toContain('31/44');
    expect(render(0, 0).querySelector('i')).toBeNull();
  });
});
