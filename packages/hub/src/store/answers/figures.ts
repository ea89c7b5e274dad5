/** Questions about figures go to the tables as they are; a snapshot without tables has none. */

import type {
  FigureReader,
  HostsAnswer,
  HostsQuestion,
  PointsQuestion,
  ResultsQuestion,
  RowsAnswer,
  TrailsAnswer,
  TrailsQuestion,
} from '../figures.ts';
import type { Pace, Snapshot } from './snapshot.ts';

const NONE: FigureReader = {
  hosts: () => ({ metrics: [], checks: [], results: [] }),
  trails: () => ({ trails: [] }),
  points: () => ({ rows: [] }),
  results: () => ({ rows: [] }),
};

export async function answerHosts(snapshot: Snapshot, _pace: Pace, question: HostsQuestion): Promise<HostsAnswer> {
  return (snapshot.figures ?? NONE).hosts(question);
}

export async function answerTrails(snapshot: Snapshot, _pace: Pace, question: TrailsQuestion): Promise<TrailsAnswer> {
  return (snapshot.figures ?? NONE).trails(question);
}

export async function answerPoints(snapshot: Snapshot, _pace: Pace, question: PointsQuestion): Promise<RowsAnswer> {
  return (snapshot.figures ?? NONE).points(question);
}

export async function answerResults(snapshot: Snapshot, _pace: Pace, question: ResultsQuestion): Promise<RowsAnswer> {
  return (snapshot.figures ?? NONE).results(question);
}
