/** How a command is used from a terminal. */
interface CommandLine<Command> {
  readonly usage: string;
  /** Throws with what is wrong with the arguments. */
  readonly read: (args: readonly string[]) => Command;
  readonly run: (command: Command) => Promise<void>;
}

/** Runs a command. What goes wrong is told in a line; the exit code is 2 for arguments that can't be read, else 1. */
export async function runCommandLine<Command>({ usage, read, run }: CommandLine<Command>): Promise<void> {
  let command: Command;
  try {
    command = read(process.argv.slice(2));
  } catch (error) {
    console.error(`${reasonOf(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  await run(command).catch((error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
