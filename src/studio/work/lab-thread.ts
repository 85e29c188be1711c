/** The worker of the memory lab: started by the first view that looks inside or measures. */
import { serveCalls } from './call.js';
import { failureOf } from './failure.js';
import * as desk from './lab-desk.js';

serveCalls(desk, failureOf);
