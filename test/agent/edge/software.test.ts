import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { softwareName } from '../../../agent/edge/software.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'relais-software-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const folder = (name: string): URL => pathToFileURL(`${join(place, name)}/`);

describe('D-3: what a box names itself by', () => {
  it('is the version of the package that its program lies in', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(softwareName()).toBe(`relais ${version}`);
  });

  it("is the release's own, also where the package of something else lies nearer", () => {
    for (const [name, text] of [
      ['near', '{"name":"another","version":"9.9.9"}'],
      ['far', '{"name":"relais","version":"1.4.0","type":"module"}'],
    ] as const) {
      mkdirSync(join(place, name));
      writeFileSync(join(place, name, 'package.json'), text);
    }
    expect(softwareName([folder('near'), folder('far')])).toBe('relais 1.4.0');
  });

  it('V-1: is said to be unknown where there is none, or none that is a version; the box works all the same', () => {
    mkdirSync(join(place, 'odd'));
    writeFileSync(join(place, 'odd', 'package.json'), '{"name":"relais","version":"next"}');
    expect(softwareName([folder('odd'), folder('nowhere')])).toBe('relais of unknown version');
  });
});
