/** The worker that holds the data and the model of the page: the window asks it for what is to be seen. */
import { serveCalls } from './call.js';
import * as desk from './desk.js';
import { failureOf } from './failure.js';

serveCalls(desk, failureOf);
