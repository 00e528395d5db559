/** Every word on the page, in English. A translation is another object of this type. */
const en = {
  product: 'Switchboard',
  you: 'You',
  assistant: 'Switchboard',
  skip: 'Skip to the message box',

  sessions: 'Chats',
  newChat: 'New chat',
  untitled: 'New chat',
  searchChats: 'Search chats',
  noMatch: (search: string) => `No chat matches “${search}”.`,
  noChats: 'Your chats will be listed here.',
  listFailed: 'The list of chats could not be loaded.',
  loadMore: 'Show older chats',
  periods: { today: 'Today', yesterday: 'Yesterday', week: 'Last 7 days', earlier: 'Earlier' },
  openMenu: 'Show chats',
  closeMenu: 'Hide chats',
  chatMenu: (title: string) => `Options for ${title}`,
  rename: 'Rename',
  renameLabel: 'Name of this chat',
  delete: 'Delete',
  deleted: (title: string) => `“${title}” was deleted.`,
  undo: 'Undo',
  deleteFailed: 'The chat could not be deleted.',
  renameFailed: 'The chat could not be renamed.',
  forget: 'Clear model memory',
  forgotten: 'The model no longer remembers what was said before in this chat.',
  forgetFailed: 'The memory could not be cleared.',
  exportMarkdown: 'Export as Markdown',
  exportJson: 'Export as JSON',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',

  theme: 'Appearance',
  themes: { system: 'As the device', light: 'Light', dark: 'Dark' },
  shortcuts: 'Keyboard shortcuts',
  shortcutList: [
    ['Enter', 'Send'],
    ['Shift + Enter', 'New line'],
    ['Esc', 'Stop the answer'],
    ['↑', 'Edit the last question (in an empty box)'],
    ['Ctrl/⌘ + K', 'Search chats'],
    ['Ctrl/⌘ + Shift + O', 'New chat'],
    ['/', 'Go to the message box'],
  ] as readonly (readonly [string, string])[],

  link: {
    open: 'Connected',
    connecting: 'Connecting…',
    waiting: (seconds: number) => (seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting…'),
    offline: 'Offline',
    closed: 'Not connected',
    retry: 'Try now',
    offlineHint: 'What you send now waits here and goes out once you are connected again.',
  },
  demo: 'Demo model: answers are canned. Set OPENAI_API_KEY to talk to a real one.',

  emptyTitle: 'What would you like to know?',
  emptyHint: 'Every question gets one answer, in order, on every tab you have open.',
  starters: [
    ['Explain', 'What is Kafka, and when is it the wrong tool?'],
    ['Write code', 'Write a TypeScript function that groups a list by a key, with a short example.'],
    ['Compare', 'Compare WebSockets and server-sent events in a table.'],
    ['Plan', 'Help me plan a calm first week in a new job.'],
  ] as readonly (readonly [string, string])[],
  loading: 'Loading the conversation…',
  missingTitle: 'This chat does not exist',
  missingHint: 'It may have been deleted, or it belongs to someone else.',
  deletedTitle: 'This chat was deleted',
  earlier: 'Show earlier messages',
  conversation: 'Conversation',
  latest: 'Go to the latest message',

  ask: 'Message',
  askPlaceholder: 'Ask anything',
  send: 'Send',
  stop: 'Stop',
  stopping: 'Stopping…',
  tooLong: (bytes: number, most: number) =>
    `This is too long: ${Math.ceil(bytes / 1000)} of at most ${Math.floor(most / 1000)} KB.`,
  noteEnter: 'Answers can be wrong. Check what matters.',

  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying was refused by the browser.',
  copyCode: 'Copy code',
  code: 'Code',
  table: 'Table',
  again: 'Ask again',
  edit: 'Edit',
  editLabel: 'Edit your question',
  sendEdit: 'Send',
  retry: 'Retry',
  route: 'How this answer travelled',
  version: (index: number, count: number) => `${index} of ${count}`,
  earlierAnswer: 'Earlier answer',
  laterAnswer: 'Later answer',
  earlierWording: 'Earlier wording',
  laterWording: 'Later wording',
  youAsked: 'You asked:',
  answered: 'Answer:',
  tokens: (input: string, output: string) => `${input} tokens in, ${output} out`,
  took: (seconds: string) => `${seconds} s`,
  stopped: 'Stopped',
  stoppedEmpty: 'Stopped before anything was written.',

  state: {
    waiting: 'Waits for a connection',
    sent: 'Sending…',
    queued: 'In line…',
    queuedAt: (ahead: number) => (ahead === 1 ? 'In line, 1 question ahead' : `In line, ${ahead} questions ahead`),
    thinking: 'Thinking…',
    agent: (name: string) => `${name} is on it…`,
    tool: (name: string) => `Using ${name}…`,
    retrying: 'The model had trouble, trying again…',
    long: (seconds: number) => `Still working, ${seconds} s so far`,
    stalled: 'Still working; it goes on when the connection is back',
  },

  failures: {
    model_unavailable: 'The model could not be reached.',
    model_rate_limited: 'The model is too busy right now.',
    model_timeout: 'The model took too long to answer.',
    internal: 'Something went wrong on our side.',
    model_rejected: 'The model refused to answer this.',
    model_misconfigured: 'The model is not set up correctly: the key or the model name is not accepted.',
    expired: 'This question waited too long and was given up.',
  } as Readonly<Record<string, string>>,
  failure: 'No answer could be given.',

  rejections: {
    too_large: 'This message is too long to be sent.',
    not_found: 'This chat does not exist any more.',
    forbidden: 'You may not write in this chat.',
    unauthorized: 'You are not known here any more. Reload the page.',
    conflict: 'A different message with the same id was sent before.',
    invalid_request: 'The server did not accept this message.',
  } as Readonly<Record<string, string>>,
  takeBack: 'Take back',
  editRejected: 'Edit and send again',

  cannotStop: 'This server cannot stop an answer.',
  cannotAgain: 'This server cannot answer the same question again; edit it and send it as a new one.',
  notConnected: 'That needs a connection.',
  answerArrived: (text: string) => `Answer: ${text}`,
  answerFailed: (text: string) => `No answer: ${text}`,
  answerStopped: 'The answer was stopped.',

  routeTotal: (ms: string) => `${ms} in all`,
  routeNone: 'This server keeps no record of the way of this answer.',
  routeFailed: 'The record could not be loaded.',
  routeStep: 'Step',
  routeAt: 'After',
  routeTook: 'Took',
};

/** The shape of a translation. */
export type Strings = typeof en;

const translations: Readonly<Record<string, Strings>> = { en };

/** The languages the reader prefers; none where there is no browser. */
const preferred = typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);

/** Language of the page: the first preferred one that there is. */
export const language = preferred.map((tag) => tag.split('-', 1)[0] ?? '').find((tag) => tag in translations) ?? 'en';

/** The page's words. */
export const t: Strings = translations[language] ?? en;
