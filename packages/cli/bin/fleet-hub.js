#!/usr/bin/env node
// `flywatch serve` under the name that the original dashboard had. Plain JavaScript, see flywatch.js.
import { runCommand } from '../launcher.js';

runCommand('fleet-hub', ['serve']);
