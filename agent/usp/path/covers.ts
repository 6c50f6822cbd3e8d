/** A reference covers what it names, and an object all that is in it; `*` stands for any row. */
export function covers(reference: string, path: string): boolean {
  const pattern = reference.split('.');
  const pieces = path.split('.');
  const open = pattern.at(-1) === '';
  const length = open ? pattern.length - 1 : pattern.length;
  if (open ? pieces.length < length : pieces.length !== length) return false;
  return pattern.slice(0, length).every((piece, index) => piece === '*' || piece === pieces[index]);
}
