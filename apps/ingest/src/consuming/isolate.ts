import { BatchDraft } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { fold, type Folded, type FoldSources } from '../projecting/fold';

/**
 * A fact whose content cannot be stored, folded without it: the file moves on, and the whole fact goes to quarantine
 * with the reason. Its bytes stay in the log, to be tried again.
 */
export async function withoutRecords(
  fact: FactMessage,
  sources: FoldSources,
  reason: string,
): Promise<Folded> {
  const folded = await fold([fact], sources);
  const [state] = folded.files.values();
  const record = {
    sequence: fact.sequence,
    line: 0,
    file: state?.file ?? fact.subject,
    source: state?.source ?? '',
    host: state?.host ?? '',
    path: state?.path ?? '',
    reason,
    excerpt: '',
  };
  return { ...folded, draft: new BatchDraft(), quarantined: [record] };
}
