import { describe, expect, it, vi } from 'vitest';
import { millis, seconds } from '../../agent/model/units.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';

const commands = createCommands(seconds(5));

describe('the commands of a machine', () => {
  it('answer with status and both outputs', async () => {
    expect(await commands.run('sh', ['-c', 'echo out; echo bad >&2; exit 3'])).toEqual({
      status: 3,
      stdout: 'out\n',
      stderr: 'bad\n',
    });
  });

  it('take arguments as they are, without a shell', async () => {
    const { stdout } = await commands.run('echo', ['$HOME', '; false', '*']);
    expect(stdout).toBe('$HOME ; false *\n');
  });

  it('take a long input and give a long output', async () => {
    const text = 'relais\n'.repeat(100_000);
    expect((await commands.run('cat', [], text)).stdout).toBe(text);
  });

  it('may leave their input unread', async () => {
    expect((await commands.run('true', [], 'x'.repeat(1_000_000))).status).toBe(0);
  });

  it('that are missing are a fault', async () => {
    await expect(commands.run('no-such-program', [])).rejects.toMatchObject({
      code: 'network.unavailable',
      context: { program: 'no-such-program' },
    });
  });

  it('that never end are killed, and a fault', async () => {
    await expect(createCommands(millis(50)).run('sleep', ['60'])).rejects.toMatchObject({
      code: 'network.unavailable',
    });
  });
});

function openSession(program: string, args: readonly string[]) {
  const session = commands.session(program, args);
  const heard: string[] = [];
  const ended = vi.fn();
  session.listen({ line: (text) => heard.push(text), ended });
  return { session, heard, ended };
}

describe('a session with an interpreter', () => {
  it('keeps complaints and answers in the order in which they were said', async () => {
    const { session, heard } = openSession('sh', []);
    for (let i = 0; i < 50; i += 1) session.say(`echo complaint ${i} >&2; echo answer ${i}`);
    const expected = Array.from({ length: 50 }, (_, i) => [`complaint ${i}`, `answer ${i}`]).flat();
    await vi.waitFor(() => expect(heard).toEqual(expected));
    session.close();
  });

  it('says once that the interpreter died', async () => {
    const { session, ended } = openSession('sh', []);
    session.say('kill -9 $$');
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    session.say('echo into the void');
    session.close();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('ends by itself when the program is missing', async () => {
    const { ended } = openSession('no-such-program', []);
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
  });

  it('says nothing more once it was closed', async () => {
    const { session, heard, ended } = openSession('sh', []);
    session.say('echo first');
    await vi.waitFor(() => expect(heard).toEqual(['first']));
    session.say('echo second');
    session.close();
    await commands.run('true', []);
    expect({ heard, ended: ended.mock.calls.length }).toEqual({ heard: ['first'], ended: 0 });
  });
});
