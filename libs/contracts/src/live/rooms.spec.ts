import { roomSchema, sessionOfRoom, sessionRoom } from './rooms';

it.each(['fleet', 'session:a', 'session:folder name@host', 'session:push:x'])('%j is a room', (room) => {
  expect(roomSchema.parse(room)).toBe(room);
});

it.each(['', 'session:', 'sessions:a', 'Fleet', 'session:a\0b', `session:${'a'.repeat(401)}`, 7, null])(
  '%j is none',
  (room) => {
    expect(roomSchema.safeParse(room).success).toBe(false);
  },
);

it('names its session', () => {
  expect(sessionOfRoom(sessionRoom('a:b'))).toBe('a:b');
  expect(sessionOfRoom('fleet')).toBeUndefined();
});
