#!/usr/bin/env node
// Starts the command line with a Node that can run it. This file is plain JavaScript that Node 18 parses: npm links no
// bin whose file is missing, and the Node that runs it may be too old for the rest.
import { runCommand } from '../launcher.js';

runCommand('flywatch');
