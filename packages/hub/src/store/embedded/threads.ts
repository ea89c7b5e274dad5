/** The store's threads, for whoever wants them compiled before the first hub starts. */

import './reader-thread.ts';
import './writer-thread.ts';
