import { spawn } from 'node:child_process';

/** Seconds of the processor's time and kilobytes of memory that a document may take; a page of text takes a quarter of a second. */
const BOUNDS = { processor: 120, memory: 1_048_576, wall: 180_000 };

export type Rasterised = { readonly so: 'done' } | { readonly so: 'refused'; readonly text: string };

/** A4 at 204 × 196 dots per inch, as wide as a fax (T.4 2.1). */
const PAGE = ['-r204x196', '-g1728x2292', '-dFIXEDMEDIA', '-dPDFFitPage'];

/**
 * Draws a PDF as a fax, fine and in black and white, with ghostscript in a child process that may read that file only, and has bounded
 * time and memory. Never throws.
 */
export function rasterise(pdf: string, tiff: string): Promise<Rasterised> {
  const safe = ['-dSAFER', '-dBATCH', '-dNOPAUSE', '-q', `--permit-file-read=${pdf}`];
  const limits = `ulimit -t ${BOUNDS.processor} && ulimit -v ${BOUNDS.memory} && exec gs "$@"`;
  const words = ['-c', limits, 'gs', ...safe, '-sDEVICE=tiffg4', ...PAGE, `-sOutputFile=${tiff}`, '-f', pdf];
  return new Promise((settle) => {
    const child = spawn('sh', words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BOUNDS.wall,
      killSignal: 'SIGKILL',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('latin1')).slice(0, 2_000);
    });
    child.on('error', (error) => settle({ so: 'refused', text: error.message }));
    child.on('close', (code) => settle(code === 0 ? { so: 'done' } : { so: 'refused', text: reasonOf(code, said) }));
  });
}

const NOT_FOUND = 127;

function reasonOf(code: number | null, said: string): string {
  if (code === NOT_FOUND)
    return 'this box has no ghostscript to draw a PDF with: install the package ghostscript, or hand over a TIFF';
  const first = said.trim().split('\n')[0] ?? '';
  const why = first === '' ? 'it takes too much time or memory' : first;
  return `the PDF cannot be drawn (${why}): print it to a new PDF, or hand over a TIFF`;
}
