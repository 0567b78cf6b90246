"use strict";
(() => {
  const {runs, short, score, lastFinite, logRange, tool, start, redraw} = glissade;
  let overTime = false;

  // Steps take equal times, near enough: only their sum was measured.
  const time = (run, share) => run.seconds * share;
  const steps = run => overTime
      ? run.steps.map(step => time(run, step / run.steps[run.steps.length - 1])) : run.steps;
  const epochs = run => run.score.map(
      (_, i) => overTime ? time(run, (i + 1) / run.score.length) : i + 1);
  const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5,
    1e6, 2e6, 5e6, 1e7];
  const over = name => ({
    xLabel: () => overTime ? "seconds of training" : name,
    xTick: x => overTime ? short(x) : x.toLocaleString("en"),
    incrs: () => overTime ? null : whole,
    title: x => overTime ? `${short(x)} s` : `${name} ${x.toLocaleString("en")}`,
  });
  const bad = ys => run => run.diverged && ys(run).length ? [lastFinite(ys(run))] : [];
  const single = ys => run => ys(run).length === 1;
  const log = {
    log: true, sync: "steps", range: logRange, format: short,
    tick: y => y === null ? null : short(y), xs: steps, ...over("step"),
  };
  const loss = run => run.loss;
  const scores = run => run.score;
  const stepSize = run => run.stepSize;

  start([
    {...log, id: "loss", wide: true, ys: loss, band: run => run.lossBand, bad: bad(loss),
      points: single(loss)},
    {
      ...score, id: "score", xs: epochs, ys: scores, band: run => run.scoreBand, ...over("epoch"),
      bad: bad(scores), points: single(scores),
    },
    {...log, id: "step", ys: stepSize, bad: bad(run => run.stepSize || []),
      points: run => run.stepSize.length === 1},
  ]);

  const toggle = tool("over time", "show steps and epochs as seconds of training", () => {
    overTime = !overTime;
    toggle.setAttribute("aria-pressed", overTime);
    redraw();
  });
  toggle.id = "over-time";
  toggle.setAttribute("aria-pressed", false);
  if (runs.length) document.getElementById("legend").append(toggle);
})();
