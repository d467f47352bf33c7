/** A conversation of a shop's support chat, which reports its sessions itself. */
export interface Chat {
  /** Shown with "Demo: " before it. */
  readonly title: string;
  readonly user: string;
  readonly turns: readonly {
    readonly asks: string;
    readonly tool?: { readonly name: string; readonly input: object; readonly result: string };
    readonly answer: string;
  }[];
}

export const chats: readonly [Chat, ...Chat[]] = [
  {
    title: 'Where is my parcel?',
    user: 'ada',
    turns: [
      {
        asks: 'I ordered a lamp on Monday. Where is it?',
        tool: { name: 'find_parcel', input: { order: 20_417 }, result: 'in the van, stop 31 of 58' },
        answer: 'It is in the van and should be with you this afternoon.',
      },
      {
        asks: 'Nobody is at home. Can it go to the neighbours?',
        tool: { name: 'leave_with', input: { order: 20_417, at: 'number 12' }, result: 'noted' },
        answer: 'The driver will leave it at number 12.',
      },
      { asks: 'Perfect, thanks!', answer: 'You are welcome.' },
    ],
  },
  {
    title: 'The chair has a scratch',
    user: 'grace',
    turns: [
      {
        asks: 'The blue chair came with a scratch on its back.',
        tool: { name: 'find_order', input: { user: 'grace' }, result: 'order 20398: one chair, blue, 89.00' },
        answer: 'I am sorry. Would you like a new back, or some of the price back?',
      },
      {
        asks: 'A new back, please.',
        tool: { name: 'send_part', input: { order: 20_398, part: 'back' }, result: 'leaves tomorrow' },
        answer: 'It leaves tomorrow. Four screws hold it; a key for them comes with it.',
      },
    ],
  },
  {
    title: 'An invoice for the office',
    user: 'edsger',
    turns: [
      {
        asks: 'I need the invoice of order 20388 made out to our office.',
        tool: { name: 'change_invoice', input: { order: 20_388 }, result: 'invoice 7781 replaces 7702' },
        answer: 'Invoice 7781 is made out to your office. It is in your mail.',
      },
      { asks: 'It has the wrong street.', answer: 'What should it say? I correct it at once.' },
      {
        asks: 'Harbour Road 5.',
        tool: {
          name: 'change_invoice',
          input: { order: 20_388, street: 'Harbour Road 5' },
          result: 'invoice 7782 replaces 7781',
        },
        answer: 'Done: invoice 7782 says Harbour Road 5.',
      },
    ],
  },
];
