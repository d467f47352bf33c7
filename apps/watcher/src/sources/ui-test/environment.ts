import { largestAttachmentBytes } from '@telltale/contracts';
import { absolutePath, commaList, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { demoEnvironment, demoRoots } from '../demo-roots';
import type { Environment, WatchedSource } from '../source';
import { uiTestSource } from './ui-test-source';

const settings = z.object({
  ...demoEnvironment,
  TELLTALE_TEST_RESULTS: commaList,
  TELLTALE_SCREENSHOT_LIMIT: z.coerce
    .number({ error: 'not a number' })
    .int('not a whole number')
    .min(1, 'below 1')
    .max(largestAttachmentBytes, `above ${largestAttachmentBytes}`)
    .default(16 * 1024 * 1024)
    .describe('how many bytes a screenshot may have'),
});

/** @throws ConfigurationError naming the variable at fault */
export function uiTestFromEnvironment(env: Environment): WatchedSource {
  const values = readEnvironment(settings, env);
  const configured = values.TELLTALE_TEST_RESULTS.map((folder) => absolutePath(folder));
  return uiTestSource({
    roots: [...new Set([...configured, ...demoRoots(values.TELLTALE_DEMO_ROOT, 'ui-test')])],
    screenshotLimitBytes: values.TELLTALE_SCREENSHOT_LIMIT,
  });
}
