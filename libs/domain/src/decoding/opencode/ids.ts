/** OpenCode's ids: 48 bits of time and counter in hex, then 14 random letters. Sessions count down, all else up. */
const pattern = /^(ses|msg|prt)_([0-9a-f]{12})[0-9A-Za-z]{14}$/;
const counterValues = 0x1000;
const idValues = 2 ** 48;
/** Of the time only 36 bits fit: it begins again every 795 days. */
const era = idValues / counterValues;
/** What lies between making an id and writing down the time beside it. */
const slackMs = 1000;

/**
 * Whether a record that states `at` (epoch ms) is a copy: forking a session writes its history again under new ids,
 * with the old times. So the record and its session were both made after what the record tells of had happened.
 */
export function isCopied(recordId: string, sessionId: string, at: number): boolean {
  return at > 0 && isMadeAfter(recordId, at) && isMadeAfter(sessionId, at);
}

function isMadeAfter(id: string, at: number): boolean {
  const made = timeInEra(id);
  if (made === undefined) return false;
  const ahead = (((made - at) % era) + era) % era;
  return ahead > slackMs && ahead < era / 2;
}

/** Milliseconds within some era; undefined for what is no id of OpenCode's. */
function timeInEra(id: string): number | undefined {
  const match = pattern.exec(id);
  if (!match) return undefined;
  const value = Number.parseInt(match[2] ?? '', 16);
  return Math.floor((match[1] === 'ses' ? idValues - 1 - value : value) / counterValues);
}

/** Whether an id is one that OpenCode made, or at least as long as those are: then a file's name tells it for sure. */
export function isOwnId(id: string): boolean {
  return /^(?:ses|msg|prt)_\w{20,}$/.test(id);
}
