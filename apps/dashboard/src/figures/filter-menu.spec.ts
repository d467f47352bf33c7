import { TestBed } from '@angular/core/testing';
import { FilterMenu, type FilterOption } from './filter-menu';

const options: FilterOption[] = [
  { value: 'claude-code', name: 'Claude Code', count: 3, source: 'claude-code' },
  { value: 'codex', name: 'Codex', count: 1, source: 'codex' },
];

function render(value: string | null) {
  const fixture = TestBed.createComponent(FilterMenu);
  const inputs = { label: 'Source', any: 'Any source', options, value, total: 4 };
  for (const [name, input] of Object.entries(inputs)) fixture.componentRef.setInput(name, input);
  const chosen: (string | null)[] = [];
  fixture.componentInstance.chosen.subscribe((choice) => chosen.push(choice));
  TestBed.tick();
  const host = fixture.nativeElement as HTMLElement;
  const list = host.querySelector('ul') as HTMLElement;
  const press = (key: string): void => {
    list.dispatchEvent(new KeyboardEvent('keydown', { key }));
    TestBed.tick();
  };
  return { host, list, press, chosen, at: () => host.querySelector('li.at .name')?.textContent };
}

describe('FilterMenu', () => {
  it('is a list box that says what is chosen and how many each would show', () => {
    const { host, list } = render('codex');
    expect(host.querySelector('button')?.getAttribute('aria-label')).toBe('Source: Codex');
    expect(list.getAttribute('role')).toBe('listbox');
    expect([...host.querySelectorAll('li')].map((option) => option.textContent?.trim())).toEqual([
      'Any source4 sessions',
      'Claude Code3 sessions',
      'Codex1 session',
    ]);
    expect(host.querySelector('[aria-selected=true] .name')?.textContent).toBe('Codex');
  });

  it('is led by arrows, Home, End and letters; Enter and space take', () => {
    const { press, at, chosen } = render(null);
    press('ArrowDown');
    expect(at()).toBe('Claude Code');
    press('End');
    press('ArrowDown');
    expect(at()).toBe('Codex');
    press('c');
    expect(at()).toBe('Claude Code');
    press('Enter');
    press('Home');
    press('ArrowUp');
    press('End');
    press(' ');
    expect(chosen).toEqual(['claude-code', 'codex']);
  });

  it('tells of no change where the same is taken again', () => {
    const { host, chosen } = render(null);
    host.querySelectorAll('li')[0]?.click();
    host.querySelectorAll('li')[1]?.click();
    expect(chosen).toEqual(['claude-code']);
  });
});
