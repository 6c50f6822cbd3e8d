import type { StoreSeat } from './central-store.ts';

export function postgresSeat(_directory: string): Promise<StoreSeat> {
  return Promise.reject(new Error('not yet'));
}
