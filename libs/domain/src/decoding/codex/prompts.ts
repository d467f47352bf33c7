/** What Codex writes in the user's name: the surroundings, instructions, notices. */
const notTyped = [
  '<environment_context>',
  '<user_instructions>',
  '<INSTRUCTIONS>',
  '# AGENTS.md instructions',
  '<permissions instructions>',
  '<collaboration_mode>',
  '<apps_instructions>',
  '<skills_instructions>',
  '<plugins_instructions>',
  '<skill>',
  '<user_shell_command>',
  '<turn_aborted>',
  '<subagent_notification>',
  '<model_switch>',
  '<personality_spec>',
];

/** Whether a person typed it: the tool writes instructions and surroundings in the user's name, too. */
export function isTypedText(text: string): boolean {
  const start = text.trimStart();
  return !notTyped.some((words) => start.startsWith(words));
}

/** An editor puts what is open before the request. */
const editorRequest = /^#+ My request for Codex:\s*$/m;

/** The words of a prompt for a title. */
export function promptTitle(text: string): string {
  const head = text.slice(0, 20_000);
  const request = editorRequest.exec(head);
  return request === null ? head : head.slice(request.index + request[0].length);
}
