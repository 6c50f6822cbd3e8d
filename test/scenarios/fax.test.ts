import { expect, it } from 'vitest';
import { seconds } from '../../agent/model/units.ts';
import { faxEvents, faxStory } from './fax-site.ts';

it('scratch', () => {
  const story = faxStory();
  const machine = story.send(1);
  story.world.clock.advance(seconds(120));
  console.log(story.world.desk().state(), machine.result(), machine.story().join(' | '), story.world.handset.heard(), story.world.faults);
  console.log(JSON.stringify(faxEvents(story.world), null, 1), story.far()?.machine()?.story().join(' | '), story.far()?.isOver());
  expect(1).toBe(1);
});
