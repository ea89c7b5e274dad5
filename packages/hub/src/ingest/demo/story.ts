/**
 * When the larger things happen. The first ten minutes are a tour for newcomers: a stack trace and a deploy within the
 * first minute, then a quiet stretch, then the incident, then the deploy that follows every incident. After that come
 * chapters of some half an hour.
 */

import { API, WEB, WORKERS } from './cast.ts';
import { deploy } from './deploys.ts';
import { PROXY } from './envelope.ts';
import { INCIDENT_SECONDS, playIncident } from './incident.ts';
import { BOOT_SECONDS, boot, shutDown } from './machines.ts';
import type { Stage } from './stage.ts';
import { mailTrace } from './traces.ts';

const TOUR = {
  mishap: 8,
  deploy: 20,
  refusedMail: 85,
  autostop: 120,
  incident: 220,
  fix: 220 + INCIDENT_SECONDS + 60,
  firstChapter: 220 + INCIDENT_SECONDS + 180,
} as const;

export function beginStory(stage: Stage): void {
  stage.after(TOUR.mishap, () => {
    stage.shop.mishapDue = true;
  });
  stage.after(TOUR.deploy, () => deployWeb(stage));
  stage.after(TOUR.refusedMail, () => refuseMail(stage));
  stage.after(TOUR.autostop, () => restFar(stage));
  stage.after(TOUR.incident, () => playIncident(stage));
  stage.after(TOUR.fix, () => deployApi(stage));
  stage.after(TOUR.firstChapter, () => playChapter(stage));
}

/** Story seconds of a chapter's parts. A deploy takes less than a minute, so none runs into the incident. */
function playChapter(stage: Stage): void {
  const { random } = stage;
  const firstDeploy = random.between(120, 300);
  const secondDeploy = firstDeploy + random.between(300, 500);
  const incident = secondDeploy + random.between(300, 600);
  stage.after(random.between(20, 100), () => refuseMail(stage));
  stage.after(firstDeploy, () => random.pick([deployWeb, deployWorkers])(stage));
  stage.after(secondDeploy - 150, () => restFar(stage));
  stage.after(secondDeploy, () => deployApi(stage));
  stage.after(incident, () => playIncident(stage));
  stage.after(incident + INCIDENT_SECONDS + 120, () => playChapter(stage));
}

function deployWeb(stage: Stage): void {
  deploy(stage, WEB);
}

function deployApi(stage: Stage): void {
  deploy(stage, API);
}

function deployWorkers(stage: Stage): void {
  deploy(stage, WORKERS);
}

/** A worker's mail is refused: a Python stack trace, and a job that will be tried again. */
function refuseMail(stage: Stage): void {
  const worker = stage.shop.pickUp(stage.random, WORKERS);
  if (worker !== undefined) stage.sayAtOnce(worker, mailTrace(stage.random));
}

/** Story seconds that the far front end is stopped for want of visitors. */
const REST_SECONDS = 45;

/** The proxy stops the machine that hardly anyone visits, and starts it when someone does. */
function restFar(stage: Stage): void {
  const far = WEB[2];
  const group = `(region=${far.region}, process group=app)`;
  stage.report(
    PROXY,
    far,
    `App ${far.app} has excess capacity, autostopping machine ${far.id}. 0 out of 1 machines left running ${group}`,
  );
  stage.after(1, () => shutDown(stage, far));
  stage.after(REST_SECONDS, () => {
    stage.report(PROXY, far, 'Starting machine');
    boot(stage, far);
  });
  stage.after(REST_SECONDS + BOOT_SECONDS, () => {
    stage.report(PROXY, far, `machine started in ${stage.random.between(5200, 6400) / 10}ms`);
  });
}
