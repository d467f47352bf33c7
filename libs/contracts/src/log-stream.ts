/**
 * How a stream of ours is made. Rollup headers, message TTL and schedules stay off: with a rollup header any publisher
 * could wipe the stream. No limits by default: nothing is forgotten unless an operator says so.
 */
export function logStream<Name extends string, Subjects extends string>(name: Name, subjects: Subjects) {
  return {
    name,
    subjects: [subjects],
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    compression: 's2',
    allow_direct: true,
    allow_rollup_hdrs: false,
    allow_msg_ttl: false,
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    max_msg_size: 1024 * 1024,
  } as const;
}
