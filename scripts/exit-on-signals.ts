/** Makes Ctrl-C and SIGTERM an ordinary exit, at which what was started is ended. */
export function exitOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => process.exit(code));
}
