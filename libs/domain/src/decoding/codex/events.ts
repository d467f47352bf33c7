import { storableName } from '../reading/text';
import { asObject, asText } from '../reading/values';
import { contentKey } from './keys';
import type { LineReading } from './line-reading';
import { readAgentMessage, readMessageItem, readUserMessage } from './messages';
import { readGoal } from './plan';
import { readRateLimits } from './rate-limits';
import { readTokenCount } from './token-count';
import { readCallEnd, readOutput } from './tool-results';
import { readCall } from './tools';
import {
  readError,
  readReview,
  readThreadSettings,
  readTurnAbort,
  readTurnEnd,
  readTurnStart,
} from './turns';

type Reader = (reading: LineReading) => void;
type Readers = { readonly [type: string]: Reader };

/** `event_msg`: what the tool showed. Older and newer names of one thing stand beside each other. */
export const events: Readers = {
  user_message: (reading) => readUserMessage(reading, reading.payload, 'p'),
  agent_message: (reading) => readAgentMessage(reading, reading.payload, 'm'),
  item_completed: readItem,
  token_count: readTokenCount,
  'account/rateLimits/updated': (reading) => readRateLimits(reading, reading.payload['rate_limits']),
  task_started: readTurnStart,
  turn_started: readTurnStart,
  task_complete: readTurnEnd,
  turn_complete: readTurnEnd,
  turn_aborted: readTurnAbort,
  context_compacted: (reading) => readCompaction(reading, 'c'),
  error: (reading) => readError(reading, 'error', reading.payload),
  stream_error: (reading) => readError(reading, 'stream_error', reading.payload),
  mcp_tool_call_end: readCallEnd,
  patch_apply_end: readCallEnd,
  exec_command_end: readCallEnd,
  entered_review_mode: (reading) => readReview(reading, true),
  exited_review_mode: (reading) => readReview(reading, false),
  thread_settings_applied: readThreadSettings,
  thread_goal_updated: readGoal,
  thread_name_updated: readName,
};

/** `response_item`: what went to the model and came from it. */
export const items: Readers = {
  message: readMessageItem,
  function_call: readCall,
  custom_tool_call: readCall,
  local_shell_call: readCall,
  web_search_call: readCall,
  image_generation_call: readCall,
  tool_call: readCall,
  function_call_output: readOutput,
  custom_tool_call_output: readOutput,
  function_result: readOutput,
  tool_result: readOutput,
};

/** Both the record of it and the event tell of one compaction. */
export function readCompaction(reading: LineReading, form: 'c' | 'C'): void {
  reading.say({ type: 'compaction', key: `c:${contentKey(reading, form, '')}` });
}

/** Newer versions write messages as items in place of events. */
function readItem(reading: LineReading): void {
  const item = asObject(reading.payload['item']);
  if (item?.['type'] === 'UserMessage') readUserMessage(reading, item, 'P');
  if (item?.['type'] === 'AgentMessage') readAgentMessage(reading, item, 'M');
}

/** Given by the user. A replay tells its parent's name, too: that is not this session's. */
function readName(reading: LineReading): void {
  const name = asText(reading.payload['thread_name']);
  const thread = asText(reading.payload['thread_id']);
  if (name === undefined || (thread !== undefined && thread !== reading.sessionId)) return;
  reading.registerChange('customTitle', storableName(name));
}
