/** What to type on a host so that it reports here. One line, for any POSIX shell. */

export interface AgentCommandParts {
  /** Address of this hub. */
  readonly hub: string;
  readonly token: string;
  /** What the host is to be called; null for its own host name. */
  readonly name: string | null;
  /** Whether the hub has the agent as one file. */
  readonly hasFile: boolean;
}

/** None of the parts has anything in it that a shell would make something of. */
export function agentCommand({ hub, token, name, hasFile }: AgentCommandParts): string {
  const host = name === null ? '' : ` --vps-name ${name}`;
  const options = `install --hub ${hub} --token ${token}${host}`;
  // Not into /tmp, where somebody else could put another file in its place before root runs it. And not npx, which would leave
  // the program below /root, where the unit may not look.
  return hasFile
    ? `curl -fsSL ${hub}/agent/linux-$(uname -m) -o flywatch-agent && chmod +x flywatch-agent && sudo ./flywatch-agent ${options} && rm flywatch-agent`
    : `sudo npm install --global flywatch && sudo flywatch agent ${options}`;
}
