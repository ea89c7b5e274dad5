#!/usr/bin/env node
// `flywatch` under a name that is quick to type: `vg logs`. Plain JavaScript, see flywatch.js.
import { runCommand } from '../launcher.js';

runCommand('vg');
