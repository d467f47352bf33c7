import { ComponentFixture, TestBed } from '@angular/core/testing';
import { formatCount } from './format';
import { Motion } from './motion';
import { StatCard } from './stat-card';

describe('StatCard', () => {
  let fixture: ComponentFixture<StatCard>;
  const host = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const show = (value: number | null | undefined): void => {
    fixture.componentRef.setInput('value', value);
    TestBed.tick();
  };

  beforeEach(() => {
    jest.useFakeTimers();
    fixture = TestBed.createComponent(StatCard);
    fixture.componentRef.setInput('label', 'Messages');
    fixture.componentRef.setInput('format', formatCount);
  });
  afterEach(() => jest.useRealTimers());

  it('has a skeleton while loading, then the number, without a pulse', () => {
    show(undefined);
    expect(host().querySelector('.skeleton')).not.toBeNull();
    show(1284);
    expect(host().querySelector('tt-number')?.textContent).toBe('1,284');
    expect(host().classList.contains('glow')).toBe(false);
  });

  it('counts to a new value, pulses, and shows the difference for a moment', () => {
    show(100);
    show(112);
    expect(host().classList.contains('glow')).toBe(true);
    expect(host().querySelector('small')?.textContent).toBe('+12');
    jest.advanceTimersByTime(150);
    const between = Number(host().querySelector('tt-number')?.textContent);
    expect(between).toBeGreaterThan(100);
    expect(between).toBeLessThan(112);
    jest.advanceTimersByTime(200);
    expect(host().querySelector('tt-number')?.textContent).toBe('112');
    jest.advanceTimersByTime(3000);
    TestBed.tick();
    expect(host().querySelector('small')?.textContent).toBe('');
  });

  it('does not count where less motion is asked for', () => {
    TestBed.inject(Motion).reduced.set(true);
    show(1);
    show(50);
    expect(host().querySelector('tt-number')?.textContent).toBe('50');
  });

  it('says plainly that there is no value', () => {
    show(null);
    expect(host().querySelector('.none')?.textContent).toBe('–');
  });
});
