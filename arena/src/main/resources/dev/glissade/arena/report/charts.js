"use strict";
// What the pages of a comparison and of a sweep have in common; each page's own script follows.
const glissade = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const runs = data.runs;
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

  // The numbers of each line that is shown and of its band, which an axis must hold.
  const numbers = (spec, shown) => shown.filter(run => !hidden.has(run))
      .map(run => ({
        run,
        ys: [...spec.ys(run), ...(spec.band && spec.band(run) || []).flat()]
            .filter(y => y !== null && y !== undefined && !(spec.log && y <= 0)),
      }))
      .filter(({ys}) => ys.length);

  // The numbers of a line without those of runs that diverged: the points that spec.bad names in a
  // sweep, all points of a run in a comparison.
  const calmNumbers = (spec, run) => {
    if (run.diverged) return [];
    const bad = new Set(spec.bad(run));
    return [spec.ys(run), ...(spec.band && spec.band(run) || [])]
        .flatMap(ys => ys.filter((_, i) => !bad.has(i)))
        .filter(y => y !== null && y !== undefined && !(spec.log && y <= 0));
  };

  // Runs that diverged may leave the picture, but the axis has a factor of three for them.
  const logRange = (spec, shown) => {
    const seen = numbers(spec, shown);
    const calm = seen.flatMap(({run}) => calmNumbers(spec, run));
    const every = seen.flatMap(({ys}) => ys);
    const all = calm.length ? calm : every;
    if (!all.length) return [0.1, 1];
    const low = all.reduce((a, b) => Math.min(a, b));
    const most = all.reduce((a, b) => Math.max(a, b));
    const high = Math.min(3 * most, every.reduce((a, b) => Math.max(a, b)));
    const margin = Math.max(1.15, Math.pow(high / low, 0.04));
    return [low / margin, high * margin];
  };

  // The ends of an axis of scores, no lower than it is worth while and no higher than is possible.
  const withinBounds = (low, high, best) => {
    const {floor, ceiling} = data.score;
    return [best > floor ? Math.max(floor, low) : low, Math.min(ceiling + 0.002, high)];
  };

  // Runs that diverged may leave the picture if others did not.
  const scoreRange = (spec, shown) => {
    const seen = numbers(spec, shown);
    const calm = seen.flatMap(({run}) => calmNumbers(spec, run));
    const all = calm.length ? calm : seen.flatMap(({ys}) => ys);
    if (!all.length) return [0, 1];
    const low = all.reduce((a, b) => Math.min(a, b));
    const high = all.reduce((a, b) => Math.max(a, b));
    const margin = 0.05 * Math.max(0.02, high - low);
    return withinBounds(low - margin, high + margin, high);
  };

  // How charts show the score of the task.
  const score = {
    range: scoreRange,
    format: y => (data.score.scale * y).toFixed(data.score.decimals) + data.score.unit,
    tick: y => y === null || y > data.score.ceiling
        ? "" : Number((data.score.scale * y).toPrecision(6)) + data.score.unit,
  };

  const lastFinite = ys => {
    let last = ys.length - 1;
    while (last >= 0 && (ys[last] === null || ys[last] === undefined)) last--;
    return last;
  };

  // A cross at each point that spec.bad names: the last number of a run that diverged.
  const crosses = (spec, shown) => chart => {
    const {ctx} = chart;
    const {left, top, width, height} = chart.bbox;
    const r = 5 * devicePixelRatio;
    const within = (at, from, size) => Math.min(from + size - r, Math.max(from + r, at));
    ctx.save();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2.5 * devicePixelRatio;
    shown.filter(run => !hidden.has(run)).forEach(run => spec.bad(run).forEach(i => {
      const value = spec.ys(run)[i];
      if (value === null || value === undefined || (spec.log && value <= 0)) return;
      const x = within(chart.valToPos(spec.xs(run)[i], "x", true), left, width);
      const y = within(chart.valToPos(value, "y", true), top, height);
      ctx.strokeStyle = css(`--hue${run.hue}`);
      ctx.beginPath();
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
    }));
    ctx.restore();
  };

  // The area between the lowest and the highest seed.
  const bands = (spec, shown) => chart => {
    const {ctx} = chart;
    const {left, top, width, height} = chart.bbox;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.globalAlpha = 0.14;
    shown.filter(run => !hidden.has(run) && spec.band && spec.band(run)).forEach(run => {
      const [lows, highs] = spec.band(run);
      const at = spec.xs(run).map((x, i) => ({x, low: lows[i], high: highs[i]}))
          .filter(({low, high}) => low !== null && high !== null && !(spec.log && low <= 0));
      const to = (x, y) => ctx.lineTo(chart.valToPos(x, "x", true), chart.valToPos(y, "y", true));
      ctx.fillStyle = css(`--hue${run.hue}`);
      ctx.beginPath();
      at.forEach(({x, high}) => to(x, high));
      at.reverse().forEach(({x, low}) => to(x, low));
      ctx.fill();
    });
    ctx.restore();
  };

  // uPlot's own ticks of a logarithmic axis need ends that are powers of ten; ours have any.
  const logSplits = (chart, axis, low, high) => {
    const decades = Math.log10(high / low);
    const digits = decades > 3 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
    const stride = Math.ceil(decades / 9);
    const splits = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += stride) {
      digits.forEach(digit => splits.push(Number(`${digit}e${power}`)));
    }
    return splits.filter(split => split >= low && split <= high);
  };
  // Without an increment that is large enough for its range, uPlot draws no ticks at all.
  const logAxis = {
    splits: logSplits,
    filter: (chart, splits) => splits,
    incrs: Array.from({length: 601}, (_, i) => Number(`1e${i - 300}`)),
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
    const shown = runs.filter(run => spec.ys(run) && spec.ys(run).length && spec.xs(run).length);
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
        x: spec.logX
            ? {time: false, distr: 3, range: (chart, low, high) => [low / 1.1, high * 1.1]}
            : {time: false},
        y: {distr: spec.log ? 3 : 1, range: () => spec.range(spec, shown)},
      },
      axes: [
        {...axis, size: 28, label: spec.xLabel(), labelSize: 18, labelFont: axis.font, labelGap: 0,
          ...(spec.incrs() ? {incrs: spec.incrs()} : {}), ...(spec.logX ? logAxis : {}),
          values: (chart, splits) => splits.map(x => x === null ? null : spec.xTick(x))},
        {...axis, size: 58, ...(spec.log ? logAxis : {}), values: (chart, splits) => splits.map(spec.tick)},
      ],
      series: [{}, ...shown.map(run => ({
        label: run.label,
        show: !hidden.has(run),
        stroke: css(`--hue${run.hue}`),
        dash: dashes[run.dash],
        width: 2,
        points: {show: spec.points(run), size: 7, fill: css(`--hue${run.hue}`)},
      }))],
      hooks: {drawAxes: [bands(spec, shown)], draw: [crosses(spec, shown)]},
      plugins: [tooltip(shown, spec.title, spec.format, -1)],
    };
    const chart = new uPlot(options, align(shown, spec.xs, spec.ys, spec.log), box);
    return {chart, shown, size};
  };

  let specs = [];

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

  const save = (name, blob) => {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // The picture that the program drew, without the lines that are hidden.
  const picture = id => {
    const svg = new DOMParser().parseFromString(data.pictures[id], "image/svg+xml");
    const labels = new Set([...hidden].map(run => run.label));
    [...svg.querySelectorAll("[data-label]")]
        .filter(part => labels.has(part.dataset.label)).forEach(part => part.remove());
    return new XMLSerializer().serializeToString(svg);
  };

  const savePng = id => {
    const svg = picture(id);
    const image = new Image();
    image.onload = () => {
      const canvas = element("canvas");
      canvas.width = 2 * image.width;
      canvas.height = 2 * image.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(`${id}.png`, blob), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  };

  const tool = (text, title, act) => {
    const button = element("button", "save", text);
    button.type = "button";
    button.title = title;
    button.onclick = act;
    return button;
  };

  const tools = () => {
    specs.filter(({id}) => data.pictures[id]).forEach(({id}) => {
      document.getElementById(`${id}-tools`).append(
          tool("SVG", "save this picture as SVG",
              () => save(`${id}.svg`, new Blob([picture(id)], {type: "image/svg+xml"}))),
          tool("PNG", "save this picture as PNG", () => savePng(id)));
    });
    document.getElementById("save-csv").onclick =
        () => save("results.csv", new Blob([data.csv], {type: "text/csv"}));
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

  const start = all => {
    specs = all;
    legend();
    drawAll();
    show();
    tools();
    dark.addEventListener("change", drawAll);
    let wait = 0;
    addEventListener("resize", () => {
      cancelAnimationFrame(wait);
      wait = requestAnimationFrame(() => charts.forEach(({chart, size}) => chart.setSize(size())));
    });
  };

  return {
    data, runs, short, score, lastFinite, logRange, tool, start, redraw: drawAll,
  };
})();
