import { expect, test } from 'vitest';
import { Track } from './track.ts';

const RUN = 1;

/** Events 1 to 3 at 11 to 13, 4 and 5 at 21 and 22, 8 and 9 at 32 and 33: 6 and 7 were lost, and 31 says so. */
function setup(): Track {
  const track = new Track({ run: RUN, sent: 0 });
  track.add({ first: 11, count: 3, run: RUN, sent: 3 });
  track.add({ first: 21, count: 2, run: RUN, sent: 5 });
  track.add({ first: 31, count: 0, run: RUN, sent: 7 });
  track.add({ first: 32, count: 2, run: RUN, sent: 9 });
  return track;
}

test('a position says how many events stand up to it', () => {
  const track = setup();
  const sent = [10, 11, 12, 13, 14, 20, 21, 22, 31, 32, 33, 99].map((position) => track.heardAt(position).sent);
  expect(sent).toEqual([0, 1, 2, 3, 3, 3, 4, 5, 7, 8, 9, 9]);
});

test('who has seen so many has seen the track up to one position, and goes on at another one', () => {
  const track = setup();
  const at = (sent: number) => [track.seenTo({ run: RUN, sent }), track.unseenFrom({ run: RUN, sent })];
  expect(at(0)).toEqual([0, 11]);
  expect(at(2)).toEqual([12, 13]);
  expect(at(3)).toEqual([13, 21]);
  expect(at(9)).toEqual([33, Number.POSITIVE_INFINITY]);
});

test('who has not heard of a loss goes on with its mark, who has seen what was lost does not', () => {
  const track = setup();
  expect(track.unseenFrom({ run: RUN, sent: 5 })).toBe(31);
  expect(track.unseenFrom({ run: RUN, sent: 6 })).toBe(31);
  expect(track.unseenFrom({ run: RUN, sent: 7 })).toBe(32);
});

test('an event is found by its position, and its position by the event', () => {
  const track = setup();
  expect(track.eventAt(12)).toEqual({ run: RUN, sent: 2 });
  expect(track.eventAt(14)).toBeUndefined();
  expect(track.positionOf({ run: RUN, sent: 8 })).toBe(32);
  expect(track.positionOf({ run: RUN, sent: 6 })).toBeUndefined();
  expect(track.positionOf({ run: RUN, sent: 10 })).toBeUndefined();
  expect(track.positionOf({ run: RUN + 1, sent: 1 })).toBeUndefined();
});

test('what follows in both numbers makes the stretch longer', () => {
  const track = new Track({ run: RUN, sent: 0 });
  for (let i = 1; i <= 1000; i++) track.add({ first: i, count: 1, run: RUN, sent: i });
  expect(track.size).toBe(1);
  expect(track.heardAt(500)).toEqual({ run: RUN, sent: 500 });
});

test('what is told twice, or in part again, counts once', () => {
  const track = setup();
  track.add({ first: 32, count: 2, run: RUN, sent: 9 });
  track.add({ first: 32, count: 4, run: RUN, sent: 11 });
  expect([...track.after(31)]).toEqual([{ first: 32, count: 4, run: RUN, sent: 11 }]);
});

test('a later run is beyond all of an earlier one', () => {
  const track = setup();
  track.add({ first: 40, count: 0, run: RUN + 1, sent: 0 });
  track.add({ first: 41, count: 1, run: RUN + 1, sent: 1 });
  track.add({ first: 50, count: 1, run: RUN, sent: 20 });
  expect(track.heardAt(39)).toEqual({ run: RUN, sent: 9 });
  expect(track.heardAt(40)).toEqual({ run: RUN + 1, sent: 0 });
  expect(track.unseenFrom({ run: RUN, sent: 9 })).toBe(41);
  expect(track.last).toMatchObject({ run: RUN + 1, sent: 1 });
});

test('what is let go of counts as heard', () => {
  const track = setup();
  track.forget(22);
  expect(track.size).toBe(3);
  track.forget(23);
  expect(track.size).toBe(2);
  expect(track.heardAt(23)).toEqual({ run: RUN, sent: 5 });
});
