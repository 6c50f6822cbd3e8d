import { describe, expect, test } from 'vitest';
import { easterSunday, holidayOf, inAlsaceMoselle } from '../../../../agent/rating/calendar/holidays.ts';
import { civilDay, dayNumber, readDay, writeDay } from '../../../../agent/rating/calendar/paris.ts';
import { easterOf, holidaysOf } from './intl-calendar.ts';

/** Published dates, Bureau des longitudes. */
const EASTERS = `2000-04-23 2001-04-15 2002-03-31 2003-04-20 2004-04-11 2005-03-27 2006-04-16 2007-04-08 2008-03-23
  2009-04-12 2010-04-04 2011-04-24 2012-04-08 2013-03-31 2014-04-20 2015-04-05 2016-03-27 2017-04-16 2018-04-01
  2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16
  2029-04-01 2030-04-21 2035-03-25 2038-04-25 2049-04-18 2076-04-19 2100-03-28`.split(/\s+/);

describe('G-1, G4: public holidays', () => {
  test.each(EASTERS)('Easter is on %s', (date) => {
    expect(writeDay(civilDay(easterSunday(readDay(date).year)))).toBe(date);
  });

  test('Easter is that of another algorithm from 1583 to 4099', () => {
    for (let year = 1583; year <= 4099; year++) {
      expect(writeDay(civilDay(easterSunday(year)))).toBe(easterOf(year));
    }
  });

  test.each([false, true])(
    'every day of 2000 to 2100 is a holiday or not as the second way says, Alsace-Moselle %s',
    (local) => {
      for (let year = 2000; year <= 2100; year++) {
        const expected = holidaysOf(year, local);
        const found: string[] = [];
        for (
          let day = dayNumber({ year, month: 1, day: 1 });
          day < dayNumber({ year: year + 1, month: 1, day: 1 });
          day++
        ) {
          if (holidayOf(day, local) !== undefined) found.push(writeDay(civilDay(day)));
        }
        expect(found).toEqual([...expected].toSorted());
      }
    },
  );

  const on = (date: string, local: boolean) => holidayOf(dayNumber(readDay(date)), local);

  test('G4 default: the eleven national days of 2026, Whit Monday included, each by its name', () => {
    const names = {
      '2026-01-01': 'new-year',
      '2026-04-06': 'easter-monday',
      '2026-05-01': 'labor-day',
      '2026-05-08': 'victory-1945',
      '2026-05-14': 'ascension',
      '2026-05-25': 'whit-monday',
      '2026-07-14': 'national-day',
      '2026-08-15': 'assumption',
      '2026-11-01': 'all-saints',
      '2026-11-11': 'armistice-1918',
      '2026-12-25': 'christmas',
    };
    for (const [date, name] of Object.entries(names)) expect(on(date, false)).toBe(name);
    expect(on('2026-04-03', false)).toBeUndefined();
    expect(on('2026-12-26', false)).toBeUndefined();
  });

  test('G4 alsace_moselle = true: Good Friday and 26 December besides', () => {
    expect(on('2026-04-03', true)).toBe('good-friday');
    expect(on('2026-12-26', true)).toBe('second-christmas-day');
    expect(on('2026-05-25', true)).toBe('whit-monday');
  });

  test('G4: the place says whether: communes of 57, 67 and 68', () => {
    expect(['57463', '67482', '68224'].map(inAlsaceMoselle)).toEqual([true, true, true]);
    expect(['75056', '54395', '88160', '2A004', '5746', '674821'].map(inAlsaceMoselle)).toEqual(Array(6).fill(false));
  });

  test('two holidays on one day are one day off: Ascension on 1 May 2008', () => {
    expect(on('2008-05-01', false)).toBe('labor-day');
    expect(holidaysOf(2008, false).size).toBe(10);
  });
});
