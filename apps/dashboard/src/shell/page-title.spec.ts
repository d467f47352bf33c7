import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FleetStore } from '../live/fleet-store';
import { PageTitle } from './page-title';

describe('PageTitle', () => {
  it('counts before the page’s name how many wait for a person', () => {
    const waiting = signal(0);
    TestBed.configureTestingModule({ providers: [{ provide: FleetStore, useValue: { waiting } }] });
    const title = TestBed.inject(PageTitle);
    title.set('Live');
    TestBed.tick();
    expect(document.title).toBe('Live · Telltale');
    waiting.set(2);
    TestBed.tick();
    expect(document.title).toBe('(2 waiting) Live · Telltale');
    title.set('');
    waiting.set(0);
    TestBed.tick();
    expect(document.title).toBe('Telltale');
  });
});
