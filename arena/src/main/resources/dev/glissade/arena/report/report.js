"use strict";
(() => {
  const runs = JSON.parse(document.getElementById("data").textContent).runs;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dashes = [undefined, [9, 5], [2, 4]];
  const hidden = new Set();
  let charts = [];

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const chip = run => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", `chip hue${run.hue} dash${run.dash}`);
    svg.setAttribute("viewBox", "0 0 26 10");
    svg.setAttribute("aria-hidden", "true");
    const line = svg.appendChild(document.createElementNS(space, "line"));
    Object.entries({x1: 2, y1: 5, x2: 24, y2: 5}).forEach(([k, v]) => line.setAttribute(k, v));
    return svg;
  };

  const short = x => {
    if (x === 0) return "0";
    const size = Math.abs(x);
    return size >= 1e5 || size < 1e-3
        ? x.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e")
        : String(Number(x.toPrecision(4)));
  };
  const percent = (x, digits = 2) => `${(100 * x).toFixed(digits)} %`;

  // One x axis for all runs: undefined where a run recorded nothing, null (a gap) where its number
  // is not finite or has no logarithm.
  const align = (shown, xs, ys, log) => {
    const all = [...new Set(shown.flatMap(xs))].sort((a, b) => a - b);
    const place = new Map(all.map((x, i) => [x, i]));
    const columns = shown.map(run => {
      const column = new Array(all.length);
      ys(run).forEach((y, i) => {
        column[place.get(xs(run)[i])] = y === null || (log && y <= 0) ? null : y;
      });
      return column;
    });
    return [all, ...columns];
  };

  const finite = column => column.filter(y => y !== null && y !== undefined);

  // A run that diverged may leave the picture, but not by more than a factor of three.
  const logRange = (chart, shown) => {
    const seen = shown.map((run, i) => ({run, ys: finite(chart.data[i + 1])}))
        .filter(({run, ys}) => ys.length && !hidden.has(run));
    const calm = seen.filter(({run}) => !run.diverged);
    const all = (calm.length ? calm : seen).flatMap(({ys}) => ys);
    if (!all.length) return [0.1, 1];
    let low = all.reduce((a, b) => Math.min(a, b));
    let high = all.reduce((a, b) => Math.max(a, b));
    seen.filter(({run}) => run.diverged).forEach(({ys}) => {
      high = Math.max(high, Math.min(3 * high, ys.reduce((a, b) => Math.max(a, b))));
    });
    const margin = Math.max(1.15, Math.pow(high / low, 0.04));
    return [low / margin, high * margin];
  };

  // From a little under the worst end, so that the ends can be told apart.
  const accuracyRange = (chart, shown) => {
    const seen = shown.map((run, i) => ({run, ys: finite(chart.data[i + 1])}))
        .filter(({run, ys}) => ys.length && !hidden.has(run));
    const calm = seen.filter(({run}) => !run.diverged);
    const counted = calm.length ? calm : seen;
    if (!counted.length) return [0, 1];
    const ends = counted.map(({ys}) => ys[ys.length - 1]);
    const high = counted.flatMap(({ys}) => ys).reduce((a, b) => Math.max(a, b));
    const low = Math.min(...ends);
    const room = Math.max(0.02, high - low);
    return [Math.max(0, low - 1.5 * room), Math.min(1.002, high + 0.12 * room)];
  };

  // A cross at the last number of a run that diverged.
  const crosses = shown => chart => {
    const {ctx} = chart;
    const r = 5 * devicePixelRatio;
    ctx.save();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2.5 * devicePixelRatio;
    shown.forEach((run, i) => {
      const column = chart.data[i + 1];
      let last = column.length - 1;
      while (last >= 0 && (column[last] === null || column[last] === undefined)) last--;
      if (!run.diverged || hidden.has(run) || last < 0) return;
      const {left, top, width, height} = chart.bbox;
      const at = chart.valToPos(chart.data[0][last], "x", true);
      const y = chart.valToPos(column[last], "y", true);
      const x = Math.min(left + width - r, Math.max(left + r, at));
      const inside = Math.min(top + height - r, Math.max(top + r, y));
      ctx.strokeStyle = css(`--hue${run.hue}`);
      ctx.beginPath();
      ctx.moveTo(x - r, inside - r);
      ctx.lineTo(x + r, inside + r);
      ctx.moveTo(x + r, inside - r);
      ctx.lineTo(x - r, inside + r);
      ctx.stroke();
    });
    ctx.restore();
  };

  const tooltip = (shown, title, format, best) => {
    const tip = element("div", "tip");
    tip.hidden = true;
    let near = null;
    const update = chart => {
      const {idx, left} = chart.cursor;
      const lines = idx === null || idx === undefined || left < 0 ? [] : shown
          .map((run, i) => ({run, y: value(chart.data[i + 1], idx)}))
          .filter(({run, y}) => y !== null && y !== undefined && !hidden.has(run))
          .sort((a, b) => best * (a.y - b.y));
      tip.hidden = !lines.length;
      if (tip.hidden) return;
      tip.replaceChildren(element("b", "", title(chart.data[0][idx])), ...lines.map(line));
      const right = left > chart.over.clientWidth / 2;
      const edge = chart.over.offsetLeft + (right ? chart.over.clientWidth - left : left) + 14;
      const behind = chart.root.clientWidth - chart.over.offsetLeft - chart.over.clientWidth;
      tip.style.left = right ? "auto" : `${edge}px`;
      tip.style.right = right ? `${edge - chart.over.offsetLeft + behind}px` : "auto";
    };
    const line = ({run, y}) => {
      const made = element("div", run === near ? "near" : "");
      made.append(chip(run), element("bdi", "", run.label), element("span", "", format(y)));
      return made;
    };
    // A run without a number just here lends its last one before, unless that is a gap.
    const value = (column, idx) => {
      while (idx > 0 && column[idx] === undefined) idx--;
      return column[idx];
    };
    return {
      hooks: {
        init: chart => chart.root.append(tip),
        setCursor: update,
        setSeries: (chart, i) => { near = i ? shown[i - 1] : null; },
      },
    };
  };

  const draw = spec => {
    const shown = runs.filter(run => spec.ys(run) && spec.ys(run).length);
    const card = document.getElementById(`${spec.id}-card`);
    card.hidden = !shown.length;
    if (!shown.length) return null;
    const box = document.getElementById(spec.id);
    const axis = {
      stroke: css("--soft"),
      font: "12px system-ui, sans-serif",
      grid: {stroke: css("--grid"), width: 1},
      ticks: {show: false},
    };
    const size = () => ({
      width: box.clientWidth + 6,
      height: spec.wide && innerWidth > 860 ? 380 : 300,
    });
    const options = {
      ...size(),
      padding: [10, 14, 0, 0],
      legend: {show: false},
      focus: {alpha: 0.22},
      cursor: {
        focus: {prox: 30},
        y: false,
        points: {size: 7},
        sync: spec.sync ? {key: spec.sync, setSeries: false} : undefined,
      },
      scales: {
        x: {time: false},
        y: {distr: spec.log ? 3 : 1, range: chart => spec.range(chart, shown)},
      },
      axes: [
        {...axis, size: 28, label: spec.xLabel, labelSize: 18, labelFont: axis.font, labelGap: 0,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5,
            1e6, 2e6, 5e6, 1e7],
          values: (chart, splits) => splits.map(x => x.toLocaleString("en"))},
        {...axis, size: 58, values: (chart, splits) => splits.map(spec.tick)},
      ],
      series: [{}, ...shown.map(run => ({
        label: run.label,
        show: !hidden.has(run),
        stroke: css(`--hue${run.hue}`),
        dash: dashes[run.dash],
        width: 2,
        points: {show: spec.ys(run).length === 1},
      }))],
      hooks: {draw: [crosses(shown)]},
      plugins: [tooltip(shown, spec.title, spec.format, -1)],
    };
    const chart = new uPlot(options, align(shown, spec.xs, spec.ys, spec.log), box);
    return {chart, shown, size};
  };

  const specs = [
    {
      id: "loss", log: true, wide: true, sync: "steps", xLabel: "step",
      xs: run => run.steps, ys: run => run.loss, range: logRange,
      title: x => `step ${x.toLocaleString("en")}`, format: short,
      tick: y => y === null ? null : short(y),
    },
    {
      id: "accuracy", xLabel: "epoch",
      xs: run => run.accuracy.map((_, i) => i + 1), ys: run => run.accuracy, range: accuracyRange,
      title: x => `epoch ${x}`, format: percent,
      tick: y => y === null || y > 1 ? "" : `${Number((100 * y).toFixed(1))} %`,
    },
    {
      id: "step", log: true, sync: "steps", xLabel: "step",
      xs: run => run.steps, ys: run => run.stepSize, range: logRange,
      title: x => `step ${x.toLocaleString("en")}`, format: short,
      tick: y => y === null ? null : short(y),
    },
  ];

  const drawAll = () => {
    charts.forEach(({chart}) => chart.destroy());
    charts = specs.map(draw).filter(drawn => drawn);
  };

  const show = () => {
    charts.forEach(({chart, shown}) => chart.batch(() => shown.forEach((run, i) => {
      if (chart.series[i + 1].show === hidden.has(run)) {
        chart.setSeries(i + 1, {show: !hidden.has(run)});
      }
    })));
    buttons.forEach((button, run) => button.setAttribute("aria-pressed", !hidden.has(run)));
    all.textContent = hidden.size ? "show all" : "hide all";
  };

  const focus = run => charts.forEach(({chart, shown}) => {
    const i = shown.indexOf(run);
    chart.setSeries(i < 0 ? null : i + 1, {focus: true});
  });

  const buttons = new Map();
  const all = element("button", "all");
  const legend = () => {
    const nav = document.getElementById("legend");
    nav.hidden = !runs.length;
    runs.forEach(run => {
      const button = element("button");
      button.type = "button";
      button.title = "click to show or hide, double-click to show it alone";
      button.append(chip(run), element("bdi", "", run.label));
      if (run.diverged) button.append(element("span", "mark", "diverged"));
      button.onclick = () => {
        if (!hidden.delete(run)) hidden.add(run);
        show();
      };
      button.ondblclick = () => {
        runs.forEach(other => hidden.add(other));
        hidden.delete(run);
        show();
      };
      button.onmouseenter = () => focus(hidden.has(run) ? null : run);
      button.onmouseleave = () => focus(null);
      buttons.set(run, button);
      nav.append(button);
    });
    all.type = "button";
    all.onclick = () => {
      if (hidden.size) hidden.clear();
      else runs.forEach(run => hidden.add(run));
      show();
    };
    nav.append(all);
  };

  legend();
  drawAll();
  show();
  dark.addEventListener("change", drawAll);
  let wait = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(wait);
    wait = requestAnimationFrame(() => charts.forEach(({chart, size}) => chart.setSize(size())));
  });
})();
