import { sampleScreenshot } from '../testing/samples';
import { shotAlt, shotLabel, shotSize, shotStep, thumbWidth } from './shot-words';

const of = sampleScreenshot;

describe('the words of a screenshot', () => {
  it('number the steps as the run’s own list does: the first is step 1', () => {
    expect([shotLabel(of(0)), shotStep(of(0))]).toEqual(['Step 1', '']);
    const named = of(3, { label: 'game_over' });
    expect([shotLabel(named), shotStep(named)]).toEqual(['Game over', 'step 4']);
  });

  it('do without a step and without a label', () => {
    const baseline = of(0, { label: 'baseline', step: -1 });
    expect([shotLabel(baseline), shotStep(baseline)]).toEqual(['Baseline', '']);
    expect(shotLabel(of(0, { label: null, step: null, filename: 'end-state.PNG' }))).toBe('End state');
    expect(shotLabel(of(0, { label: '__', step: null, filename: '__.png' }))).toBe('__.png');
    expect(shotLabel(of(0, { label: 'action_7', step: null }))).toBe('Action 7');
  });

  it('tell what is seen to who cannot see it', () => {
    expect(shotAlt(of(6, { at: null }), 'press ArrowUp')).toBe('Screenshot “Step 7”: press ArrowUp');
    expect(shotAlt(of(0, { label: 'end', step: null, at: null }), '')).toBe('Screenshot “End”');
  });

  it('say the size as far as it is known', () => {
    expect(shotSize(of(0))).toBe('1296 × 702 · 84 KB');
    expect(shotSize(of(0, { width: null }))).toBe('84 KB');
  });
});

describe('thumbWidth', () => {
  it('keeps the shape of the picture, within bounds', () => {
    expect(thumbWidth(of(0), 100)).toBe(185);
    expect(thumbWidth(of(0, { width: null, height: null }), 100)).toBe(160);
    expect(thumbWidth(of(0, { width: 4000, height: 100 }), 100)).toBe(200);
    expect(thumbWidth(of(0, { width: 100, height: 4000 }), 100)).toBe(50);
    expect(thumbWidth(of(0, { width: 0, height: 0 }), 100)).toBe(160);
  });
});
