import { expect, it } from 'vitest';
import { Slots } from '../../../local/event-source/slots.ts';

it('lets so many work at a time, the others in the order in which they came, also after a failure', async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const works = gates.map(({ promise }, index) =>
    slots
      .use(() => {
        begun.push(index);
        return promise;
      })
      .catch(() => undefined),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('failed'));
  await works[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.all(works);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
