"use strict";
(() => {
  const {data, short, score, logRange, start} = glissade;
  const ends = [data.values[0], data.values[data.values.length - 1]];

  // An optimizer without the parameter has the same number at every value: a line without dots.
  const twice = (run, numbers) => run.flat ? [numbers[0], numbers[0]] : numbers;
  const common = {
    wide: true, sync: "values", logX: data.logarithmic,
    xs: run => run.flat ? ends : run.values,
    xLabel: () => data.parameter,
    xTick: short,
    incrs: () => null,
    title: x => `${data.parameter} ${short(x)}`,
    bad: run => twice(run, run.divergedAt).flatMap((is, i) => is ? [i] : []),
    points: run => !run.flat,
  };
  const band = key => run => run[key] && run[key].map(edge => twice(run, edge));

  start([
    {
      ...common, ...score, id: "score", ys: run => twice(run, run.score), band: band("scoreBand"),
    },
    {
      ...common, id: "loss", log: true, ys: run => twice(run, run.loss), band: band("lossBand"),
      range: logRange, format: short, tick: y => y === null ? null : short(y),
    },
  ]);
})();
