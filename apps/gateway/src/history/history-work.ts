import { Injectable } from '@nestjs/common';
import { BoundedWork } from '../work/bounded-work';

/** Sessions that are read from the log at once, and how many more may wait for it. */
@Injectable()
export class HistoryWork extends BoundedWork {
  constructor() {
    super(2, 16);
  }
}
