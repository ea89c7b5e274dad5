/** What came of the cases of one target: counts for the report, and findings, which make the run fail. */

/** Findings kept per target: a defect shows in the first few, and one in every case must not fill the memory. */
const MAX_FINDINGS = 20;

export class Tally {
  readonly name: string;
  cases = 0;
  /** Answers by what they were: `400 bad_filter`, `101`, `closed`. */
  readonly outcomes = new Map<string, number>();
  readonly findings: string[] = [];
  moreFindings = 0;
  slowestMs = 0;
  slowestCase = '';

  constructor(name: string) {
    this.name = name;
  }

  outcome(what: string): void {
    this.outcomes.set(what, (this.outcomes.get(what) ?? 0) + 1);
  }

  took(ms: number, what: string): void {
    if (ms <= this.slowestMs) return;
    this.slowestMs = ms;
    this.slowestCase = what;
  }

  /** Something that must not be. `what` names the case, so that it can be made again. */
  finding(what: string): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push(what);
    else this.moreFindings++;
  }
}
