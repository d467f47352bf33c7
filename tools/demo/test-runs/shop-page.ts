import type { Colour } from '@telltale/platform';
import { painted, type Box } from './paint';
import type { Picture } from './test-script';

const white: Colour = [255, 255, 255];
const ground: Colour = [243, 244, 247];
const ink: Colour = [58, 64, 78];
const faint: Colour = [206, 210, 219];
const brand: Colour = [36, 92, 198];
const good: Colour = [46, 148, 92];
const bad: Colour = [205, 66, 58];
const goods: readonly Colour[] = [
  [232, 164, 84],
  [120, 170, 116],
  [190, 120, 160],
  [104, 148, 206],
  [214, 108, 92],
  [150, 140, 200],
];

/** The shop's front page, with so many things in the cart. */
export function shelf(inCart: number): Picture {
  const cards = goods.flatMap((colour, index): Box[] => {
    const [left, top] = [60 + (index % 3) * 235, 76 + Math.floor(index / 3) * 184];
    return [
      { at: [left, top], size: [212, 168], colour: white, round: 10 },
      { at: [left + 56, top + 16], size: [100, 78], colour, round: 18 },
      text(left + 16, top + 108, 120),
      text(left + 16, top + 128, 70),
      { at: [left + 150, top + 126], size: [46, 26], colour: brand, round: 6 },
    ];
  });
  return painted(ground, [...header(inCart), ...cards]);
}

/** The cart: a row for each thing in it, the sum, and the button to the checkout. */
export function cart(inCart: number): Picture {
  const rows = Array.from({ length: inCart }, (_, index): Box[] => {
    const top = 92 + index * 74;
    return [
      { at: [60, top], size: [440, 62], colour: white, round: 8 },
      { at: [72, top + 9], size: [44, 44], colour: goods[index % goods.length] ?? faint, round: 8 },
      text(132, top + 18, 170),
      text(132, top + 36, 90),
      text(430, top + 26, 50, ink),
    ];
  });
  return painted(ground, [...header(inCart), ...rows.flat(), ...summary(brand)]);
}

/** The address form with so many of its fields filled, and an error below the last of them if there is one. */
export function form(filled: number, wrong = false): Picture {
  const fields = Array.from({ length: 4 }, (_, index): Box[] => {
    const top = 88 + index * 78;
    const frame = wrong && index === filled - 1 ? bad : faint;
    return [
      text(60, top, 90),
      { at: [60, top + 16], size: [440, 40], colour: frame, round: 6 },
      { at: [62, top + 18], size: [436, 36], colour: white, round: 5 },
      ...(index < filled ? [text(76, top + 30, 120 + index * 40, ink)] : []),
      ...(frame === bad ? [text(60, top + 60, 200, bad)] : []),
    ];
  });
  return painted(ground, [...header(2), ...fields.flat(), ...summary(filled === 4 && !wrong ? good : faint)]);
}

/** The order was taken. */
export function thanks(): Picture {
  return painted(ground, [
    ...header(0),
    { at: [200, 110], size: [400, 230], colour: white, round: 16 },
    { at: [360, 138], size: [80, 80], colour: good, round: 40 },
    { at: [384, 170], size: [32, 16], colour: white, round: 4 },
    text(290, 244, 220, ink),
    text(250, 268, 300),
    text(320, 288, 160),
  ]);
}

function header(inCart: number): Box[] {
  const badge: Box = { at: [748, 10], size: [18, 18], colour: bad, round: 9 };
  return [
    { at: [0, 0], size: [800, 52], colour: brand },
    { at: [60, 17], size: [96, 18], colour: white, round: 4 },
    { at: [250, 13], size: [300, 26], colour: white, round: 13 },
    { at: [722, 16], size: [32, 22], colour: white, round: 4 },
    ...(inCart > 0 ? [badge] : []),
  ];
}

function summary(button: Colour): Box[] {
  return [
    { at: [530, 92], size: [210, 190], colour: white, round: 10 },
    text(550, 114, 80, ink),
    text(550, 142, 120),
    text(550, 164, 100),
    text(660, 196, 60, ink),
    { at: [550, 226], size: [170, 38], colour: button, round: 8 },
  ];
}

/** A line of text is too small to read: a bar. */
function text(left: number, top: number, width: number, colour: Colour = faint): Box {
  return { at: [left, top], size: [width, 9], colour, round: 4 };
}
