/** Where tools keep their files, and how Telltale is set up: nothing of whoever runs the tests may reach what is tested. */
const settings =
  /^(TELLTALE|CLAUDE|XDG)_|_(HOME|DATA_DIR|CONFIG_DIR)$|^(NATS_URL|DATABASE_URL|HOME|USERPROFILE)$/;

/**
 * Our own environment as a user has it who keeps everything below `home` and has set nothing: every tool's default
 * folder lies there, and not in the home of whoever runs the tests.
 */
export function strangersEnvironment(
  home: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const others = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !settings.test(entry[0]),
  );
  return { ...Object.fromEntries(others), HOME: home };
}
