#!/usr/bin/env node
// `flywatch agent` under the name that the original agent had, with the same arguments. Plain JavaScript, see flywatch.js.
import { runCommand } from '../launcher.js';

runCommand('obs-agent', ['agent']);
