/** The reset button of the box. */
export interface Button {
  listen(news: (pressed: boolean) => void): void;
  close(): void;
}
