/** A rolling deploy: the builder pushes an image, then one machine after another is stopped, replaced and checked. */

import { BUILDER, type Instance } from './cast.ts';
import { RUNNER } from './envelope.ts';
import { BOOT_SECONDS, boot, shutDown } from './machines.ts';
import type { Stage } from './stage.ts';

/** Story seconds between two machines: stop, start, and a moment to see that all is well. */
const MACHINE_SECONDS = BOOT_SECONDS + 8;

/** Story seconds that the build's last lines take before the first machine is touched. */
const BUILD_SECONDS = 4;

export function deploy(stage: Stage, machines: readonly Instance[]): void {
  const { random } = stage;
  const app = machines[0]!.app;
  const image = `registry.fly.io/${app}:deployment-${random.requestId()}${random.requestId().slice(2)}`;
  stage.say(BUILDER, `#14 exporting layers ${(random.between(8, 60) / 10).toFixed(1)}s done`);
  stage.say(BUILDER, `#14 pushing manifest for ${image} done`, random.between(400, 1900));
  machines.forEach((machine, index) => {
    stage.after(BUILD_SECONDS + index * MACHINE_SECONDS, () => replace(stage, machine, image));
  });
}

function replace(stage: Stage, machine: Instance, image: string): void {
  const { random } = stage;
  stage.report(RUNNER, machine, `Pulling container image ${image}`);
  const seconds = random.between(60, 240) / 100;
  const text = `Successfully prepared image ${image} (${seconds.toFixed(2)}s)`;
  stage.report(RUNNER, machine, text, seconds * 1000);
  stage.after(3, () => {
    // A machine that the incident has taken down in the meantime is not stopped twice; it still gets its image.
    if (stage.shop.isUp(machine)) shutDown(stage, machine);
  });
  stage.after(5, () => boot(stage, machine));
}
