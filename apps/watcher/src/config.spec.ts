import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWatcherConfig } from './config';

const url = 'nats://127.0.0.1:4222';
const rootsOf = (env: Record<string, string>, source = 'claude-code') =>
  readWatcherConfig({ NATS_URL: url, ...env })
    .sources.filter(({ name }) => name === source)
    .flatMap(({ roots }) => roots);

test('defaults', () => {
  expect(readWatcherConfig({ NATS_URL: url })).toMatchObject({
    host: hostname(),
    healthPort: 0,
    healthHost: '127.0.0.1',
    exclude: [],
    privacy: { content: 'full', redact: true },
  });
});

test('what leaves the host is said, and never guessed', () => {
  const privacy = (env: Record<string, string>) => readWatcherConfig({ NATS_URL: url, ...env }).privacy;
  expect(privacy({ TELLTALE_CONTENT: 'none' })).toEqual({ content: 'none', redact: true });
  expect(privacy({ TELLTALE_CONTENT: 'preview', TELLTALE_REDACT: 'off' })).toEqual({
    content: 'preview',
    redact: false,
  });
  expect(() => privacy({ TELLTALE_CONTENT: 'some' })).toThrow(/TELLTALE_CONTENT/);
  expect(() => privacy({ TELLTALE_REDACT: 'maybe' })).toThrow(/TELLTALE_REDACT/);
});

test('a wrong or missing value is named', () => {
  expect(() => readWatcherConfig({})).toThrow(/NATS_URL/);
  expect(() => readWatcherConfig({ NATS_URL: url, TELLTALE_HEALTH_PORT: '70000' })).toThrow(
    /TELLTALE_HEALTH_PORT/,
  );
});

test("Claude Code's roots: the configured ones, else both default places; the demo's beside them", () => {
  expect(rootsOf({})).toEqual([join(homedir(), '.config/claude'), join(homedir(), '.claude')]);
  expect(rootsOf({ XDG_CONFIG_HOME: '/xdg' })).toEqual(['/xdg/claude', join(homedir(), '.claude')]);
  expect(rootsOf({ CLAUDE_CONFIG_DIR: '/a, /b,,' })).toEqual(['/a', '/b']);
  expect(rootsOf({ CLAUDE_CONFIG_DIR: '/a', TELLTALE_DEMO_ROOT: '/demo' })).toEqual([
    '/a',
    '/demo/claude-code',
  ]);
});

test("Gemini CLI's root: the configured one, else its default place; the demo's beside it", () => {
  expect(rootsOf({}, 'gemini')).toEqual([join(homedir(), '.gemini')]);
  expect(rootsOf({ GEMINI_HOME: '/g', TELLTALE_DEMO_ROOT: '/demo' }, 'gemini')).toEqual([
    '/g',
    '/demo/gemini',
  ]);
});

test('two names of one root count once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-roots-'));
  symlinkSync(folder, `${folder}-link`);
  try {
    expect(rootsOf({ CLAUDE_CONFIG_DIR: `${folder},${folder}-link,${folder}` })).toEqual([folder]);
  } finally {
    rmSync(`${folder}-link`);
    rmSync(folder, { recursive: true });
  }
});
