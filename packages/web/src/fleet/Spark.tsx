import type { ReactElement } from 'react';

const WIDTH = 88;
const HEIGHT = 24;

/** How a percentage went, from 0 to 100: so that the rows of a column can be compared. What is missing is a hole. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }): ReactElement {
  const runs = runsOf(values);
  return (
    <svg className="fleet-spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {runs.map((run) => {
        const line = `M${run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`;
        const [left, right] = [run[0]![0].toFixed(1), run.at(-1)![0].toFixed(1)];
        return (
          <g key={left}>
            <path className="fleet-spark-area" d={`${line}L${right} ${HEIGHT}L${left} ${HEIGHT}Z`} />
            <path className="fleet-spark-line" d={line} />
          </g>
        );
      })}
    </svg>
  );
}

type Point = readonly [x: number, y: number];

/** The stretches without a hole. */
function runsOf(values: readonly (number | null)[]): readonly Point[][] {
  const runs: Point[][] = [];
  let run: Point[] | undefined;
  const step = WIDTH / values.length;
  values.forEach((value, at) => {
    if (value === null) {
      run = undefined;
      return;
    }
    if (run === undefined) {
      // As wide as its bucket, so that a single one is seen.
      run = [[at * step, yOf(value)]];
      runs.push(run);
    }
    run.push([(at + 1) * step, yOf(value)]);
  });
  return runs;
}

function yOf(percent: number): number {
  return HEIGHT - 1 - (Math.min(100, Math.max(0, percent)) / 100) * (HEIGHT - 2);
}
