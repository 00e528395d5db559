import { createInterface } from 'node:readline/promises';

export interface Asking {
  /** Given on the command line. */
  readonly yes: boolean;
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/** @throws Error where nobody has said yes and nobody can be asked, such as in a pipeline */
export function requireSomebodyToAsk({ yes, input }: Pick<Asking, 'yes' | 'input'>): void {
  if (!yes && input.isTTY !== true)
    throw new Error('Nothing was destroyed: there is no terminal to ask at. Say --yes.');
}

/** Whether somebody says yes, by `--yes` or at the terminal. An end of the input is a no. */
export async function isConfirmed({ yes, input, output }: Asking, question: string): Promise<boolean> {
  if (yes) return true;
  const terminal = createInterface({ input, output });
  const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), ended]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
