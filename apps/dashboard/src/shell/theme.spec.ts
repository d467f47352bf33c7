import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('Theme', () => {
  beforeEach(() => localStorage.clear());

  it('is dark until chosen otherwise, and keeps the choice', () => {
    const theme = TestBed.inject(Theme);
    expect(theme.name()).toBe('dark');
    theme.toggle();
    expect([
      theme.name(),
      document.documentElement.dataset['theme'],
      localStorage.getItem('telltale.theme'),
    ]).toEqual(['light', 'light', 'light']);
    TestBed.resetTestingModule();
    expect(TestBed.inject(Theme).name()).toBe('light');
  });

  it('does not believe what somebody else stored', () => {
    localStorage.setItem('telltale.theme', 'pink');
    expect(TestBed.inject(Theme).name()).toBe('dark');
  });
});
