import { describe, expect, it } from 'vitest';
import { demoAnswer } from '../../../local/model/answer.ts';
import { tokensOf } from '../../../local/model/completion.ts';

const conversation = (...texts: string[]) =>
  texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));

describe('the demo model', () => {
  it('says in every answer that it is a demo model', () => {
    for (const text of ['hello', 'What is Kafka?', 'My name is Ada', 'tell me a joke', '']) {
      expect(demoAnswer(conversation(text))).toContain('Demo model');
    }
  });

  it.each([
    ['What is Kafka?', /distributed log/],
    ['explain aws lambda', /runs a function/],
    ['And DynamoDB?', /key-value/],
    ['what is LangGraph', /graph/],
    ['How does a WebSocket work?', /connection that stays open/],
    ['How does Switchboard work?', /chat-requests/],
  ])('has something to say to “%s”', (question, answer) => {
    expect(demoAnswer(conversation(question))).toMatch(answer);
  });

  it.each(['Write a Kafka producer in TypeScript, code please', 'write a function that adds numbers', 'Lambda code?'])(
    'answers “%s” with a block of code',
    (question) => {
      expect(demoAnswer(conversation(question))).toMatch(/```typescript\n[\s\S]+\n```/);
    },
  );

  it('remembers a name it was told', () => {
    const told = conversation('Hi, my name is Ada!', 'Nice', 'what is Kafka?', 'A log', 'What is my name?');
    expect(demoAnswer(told)).toContain('**Ada**');
    expect(demoAnswer(conversation('What is my name?'))).toContain('not told me');
  });

  it('knows what was asked before', () => {
    const answer = demoAnswer(conversation('first thing', 'x', 'second thing', 'y', 'What did I ask before?'));
    expect(answer).toContain('1. first thing');
    expect(answer).toContain('2. second thing');
    expect(demoAnswer(conversation('What did I ask before?'))).toContain('Nothing yet');
  });

  it('gives the same answer to the same conversation', () => {
    expect(demoAnswer(conversation('joke'))).toBe(demoAnswer(conversation('joke')));
  });

  it('is cut into tokens that make up the whole text again', () => {
    const answer = demoAnswer(conversation('Kafka code please'));
    expect(tokensOf(answer).join('')).toBe(answer);
  });
});
