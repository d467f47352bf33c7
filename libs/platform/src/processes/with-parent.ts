// Loaded ahead of each service by the supervisor (node --import): the service ends when the supervisor is gone.
import { exitWithParent } from './exit-with-parent';

exitWithParent();
