declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** `path`: folder of the LevelDB; without it the tables live in memory. */
  export default function dynalite(options: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
