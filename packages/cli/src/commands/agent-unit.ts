/**
 * The systemd unit of the agent. The template is in the repository for those who copy it by hand; the command carries it along,
 * because the single file has no folder beside it. A test compares the two.
 */

const UNIT_TEMPLATE = `# Flywatch agent for one app: copy to /etc/systemd/system/obs-agent@.service, then
#
#   systemctl enable --now obs-agent@my-app
#
# "flywatch agent install" does the same. What you change belongs into a drop-in (systemctl edit obs-agent@my-app).

[Unit]
Description=Flywatch agent (%i)
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
# Whoever runs it has to be able to read the log files; adm and systemd-journal may read those of the system.
User=www-data
Group=www-data
SupplementaryGroups=adm systemd-journal
# Read by systemd, so that the file may belong to root alone.
EnvironmentFile=-/opt/deployments/%i/.env.production
ExecStart=/usr/local/bin/obs-agent run --config /opt/deployments/%i/config.yml --app-name %i
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=5
# 2 is a configuration that cannot be used: trying again changes nothing.
RestartPreventExitStatus=2
TimeoutStopSec=15

# Positions in log files, and what waits for the other side.
StateDirectory=flywatch/%i
StateDirectoryMode=0700
UMask=0077

# What it may use. Less memory makes it read its own code from disk again and again.
MemoryMax=128M
CPUQuota=10%
TasksMax=64
Nice=5
OOMScoreAdjust=500

# It reads, it sends, and nothing else.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

# Not here, with reasons: MemoryDenyWriteExecute (the program is compiled while it runs), ProtectProc and ProcSubset (it reads
# /proc of all processes), PrivateNetwork (it sends).

[Install]
WantedBy=multi-user.target
`;

/** The user that the unit runs as; systems of Debian's family have it. */
export const UNIT_USER = 'www-data';

/** Where a unit and its parts are: of one app, or of the host. */
export interface UnitPlace {
  readonly unit: string;
  readonly unitFile: string;
  readonly configFile: string;
  readonly envFile: string;
  readonly text: string;
  /** What to type to see how the agent is: its state is for the unit's user alone. */
  readonly askStatus: string;
}

const SYSTEMD = '/etc/systemd/system';
/** Where systemd keeps what is enabled for `WantedBy=` of the unit. */
export const WANTS = `${SYSTEMD}/multi-user.target.wants`;
const HOST_FOLDER = '/etc/flywatch';

export function unitPlace(app: string | undefined): UnitPlace {
  if (app !== undefined) {
    const folder = `/opt/deployments/${app}`;
    return {
      unit: `obs-agent@${app}.service`,
      unitFile: `${SYSTEMD}/obs-agent@.service`,
      configFile: `${folder}/config.yml`,
      envFile: `${folder}/.env.production`,
      text: UNIT_TEMPLATE,
      askStatus: `sudo obs-agent status --app-name ${app}`,
    };
  }
  return {
    unit: 'obs-agent.service',
    unitFile: `${SYSTEMD}/obs-agent.service`,
    configFile: `${HOST_FOLDER}/agent.yml`,
    envFile: `${HOST_FOLDER}/.env.production`,
    text: UNIT_TEMPLATE.replace('/opt/deployments/%i/.env.production', `${HOST_FOLDER}/.env.production`)
      .replace('/opt/deployments/%i/config.yml --app-name %i', `${HOST_FOLDER}/agent.yml`)
      .replace('StateDirectory=flywatch/%i', 'StateDirectory=flywatch/host')
      .replace('Description=Flywatch agent (%i)', 'Description=Flywatch agent')
      .replace(/^#[\s\S]*?\n\n/, '# Flywatch agent for this host, written by "flywatch agent install".\n\n'),
    askStatus: 'sudo obs-agent status',
  };
}
