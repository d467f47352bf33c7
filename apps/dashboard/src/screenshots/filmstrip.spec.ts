import { TestBed, type ComponentFixture } from '@angular/core/testing';
import type { Screenshot } from '@telltale/contracts';
import { sampleScreenshot } from '../testing/samples';
import { Filmstrip } from './filmstrip';

describe('Filmstrip', () => {
  let fixture: ComponentFixture<Filmstrip>;
  const host = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const thumbs = (): HTMLButtonElement[] => [
    ...host().querySelectorAll<HTMLButtonElement>('button[data-at]'),
  ];
  const large = (): HTMLImageElement | null => host().querySelector('dialog img');
  const show = (screenshots: readonly Screenshot[], running = true): void => {
    fixture.componentRef.setInput('screenshots', screenshots);
    fixture.componentRef.setInput('running', running);
    TestBed.tick();
  };
  const press = (target: Element | null, key: string): void => {
    target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    TestBed.tick();
  };
  const shots = (count: number): Screenshot[] => Array.from({ length: count }, (_, n) => sampleScreenshot(n));

  beforeEach(() => {
    fixture = TestBed.createComponent(Filmstrip);
    document.body.append(host()); // focus works only within the document
  });
  afterEach(() => host().remove());

  it('says what comes, and what did not', () => {
    show([]);
    expect(host().textContent).toContain('The first picture shows here as it is taken.');
    show([], false);
    expect(host().textContent).toContain('This run left no picture.');
  });

  it('gives each picture its place before it is there, and loads it when it is looked at', () => {
    show(shots(2));
    const image = thumbs()[1]?.querySelector('img');
    expect(image?.getAttribute('src')).toBe('/api/screenshots/shot1');
    expect([image?.getAttribute('width'), image?.getAttribute('height')]).toEqual(['214', '116']);
    expect(image?.getAttribute('loading')).toBe('lazy');
    expect(image?.alt).toMatch(/^Screenshot “Step 2”/);
  });

  it('grows without drawing anew what is there, and marks what is new', () => {
    show(shots(1));
    const first = thumbs()[0];
    show(shots(2));
    expect(thumbs()[0]).toBe(first);
    expect([...host().querySelectorAll('li')].map((item) => item.classList.contains('fresh'))).toEqual([
      false,
      true,
    ]);
  });

  it('is one stop of the tab key, with arrows from picture to picture', () => {
    show(shots(3));
    const stops = (): number[] => thumbs().map((thumb) => thumb.tabIndex);
    expect(stops()).toEqual([-1, -1, 0]);
    thumbs()[2]?.focus();
    press(thumbs()[2] ?? null, 'ArrowLeft');
    expect(document.activeElement).toBe(thumbs()[1]);
    expect(stops()).toEqual([-1, 0, -1]);
    press(thumbs()[1] ?? null, 'Home');
    press(thumbs()[0] ?? null, 'ArrowLeft');
    expect(document.activeElement).toBe(thumbs()[0]);
  });

  it('opens a picture large; arrows lead on, and a new one does not move it', () => {
    show(shots(3));
    thumbs()[1]?.click();
    TestBed.tick();
    expect(large()?.getAttribute('src')).toBe('/api/screenshots/shot1');
    expect(host().querySelector('dialog')?.textContent).toContain('picture 2 of 3');
    press(large(), 'ArrowRight');
    expect(large()?.getAttribute('src')).toBe('/api/screenshots/shot2');
    show(shots(4));
    expect(large()?.getAttribute('src')).toBe('/api/screenshots/shot2');
    press(large(), 'End');
    press(large(), 'ArrowRight');
    expect(large()?.getAttribute('src')).toBe('/api/screenshots/shot3');
  });

  it('gives the focus to the picture at which the large view was left', () => {
    show(shots(3));
    thumbs()[0]?.click();
    TestBed.tick();
    press(large(), 'ArrowRight');
    host().querySelector('dialog')?.dispatchEvent(new Event('close'));
    TestBed.tick();
    expect(large()).toBeNull();
    expect(document.activeElement).toBe(thumbs()[1]);
  });

  it('keeps the focus within while a picture is large', () => {
    show(shots(2));
    thumbs()[0]?.click();
    TestBed.tick();
    const dialog = host().querySelector('dialog');
    dialog?.setAttribute('open', ''); // jsdom opens none
    const stops = dialog?.querySelectorAll<HTMLElement>('a, button:not(:disabled)') ?? [];
    stops[stops.length - 1]?.focus();
    press(document.activeElement, 'Tab');
    expect(document.activeElement).toBe(stops[0]);
  });

  it('says that a picture could not be loaded', () => {
    show(shots(1));
    thumbs()[0]?.querySelector('img')?.dispatchEvent(new Event('error'));
    TestBed.tick();
    expect(thumbs()[0]?.textContent).toContain('The picture could not be loaded.');
    thumbs()[0]?.click();
    TestBed.tick();
    large()?.dispatchEvent(new Event('error'));
    TestBed.tick();
    expect(host().querySelector('dialog tt-empty-state')?.textContent).toContain('could not be loaded');
  });
});
