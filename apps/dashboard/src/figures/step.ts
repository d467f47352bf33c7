import { Component, computed, input } from '@angular/core';

export interface StepParts {
  readonly words: string;
  readonly code: string;
}

const doing =
  /^((?:Editing|Reading|Writing|Running|Searching for|Fetching|Opening|Testing|Creating|Deleting|Listing) )(.+)$/su;

/** `Editing src/cart/reserve.ts` → words and code. A step of another form is words only. */
export function stepParts(step: string): StepParts {
  const match = doing.exec(step);
  return match ? { words: match[1]?.trim() ?? '', code: match[2] ?? '' } : { words: step, code: '' };
}

/** A step in one line; what is being worked on set as code. */
@Component({
  selector: 'tt-step',
  template: `{{ parts().words }}
    @if (parts().code) {
      &ngsp;<code class="code-chip">{{ parts().code }}</code>
    }`,
})
export class Step {
  readonly text = input.required<string>();
  protected readonly parts = computed(() => stepParts(this.text()));
}
