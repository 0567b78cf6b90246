package dev.glissade.bench;

/** The fused loops that a programmer would write for two optimizers, over the same ranges. */
final class HandWritten {
  private static final float B1 = 0.9f;
  private static final float B2 = 0.999f;
  private static final float EPS = 1e-8f;
  private static final float RATE = 1e-3f;
  private static final float DECAY = 1e-4f;

  private HandWritten() {}

  /** The arrays that all loops hold. */
  abstract static class Loop implements Subject {
    final Crew crew;
    final int size;
    final int threads;
    final float[] x;
    final float[] m;
    final float[] v;
    private final float[] g;
    private final float[] opposite;
    private int taken;

    Loop(Crew crew, int size, int threads) {
      this.crew = crew;
      this.size = size;
      this.threads = threads;
      this.x = RandomData.random(size, 1);
      this.m = new float[size];
      this.v = new float[size];
      this.g = RandomData.random(size, 2);
      this.opposite = RandomData.negated(g);
    }

    @Override
    public void run(int steps) {
      for (int i = 0; i < steps; i++) {
        taken++;
        step((taken & 1) == 0 ? g : opposite, Math.min(taken, 100_000));
      }
    }

    abstract void step(float[] gradients, int t);
  }

  static final class AdamW extends Loop {
    AdamW(Crew crew, int size, int threads) {
      super(crew, size, threads);
    }

    @Override
    void step(float[] gradients, int t) {
      float c1 = (float) (1 / (1 - Math.pow(B1, t)));
      float c2 = (float) (1 / (1 - Math.pow(B2, t)));
      crew.run((from, to) -> loop(gradients, x, m, v, c1, c2, from, to), size, threads);
    }

    private static double loop(
        float[] g, float[] x, float[] m, float[] v, float c1, float c2, int from, int to) {
      for (int i = from; i < to; i++) {
        float mean = B1 * m[i] + (1 - B1) * g[i];
        float square = B2 * v[i] + (1 - B2) * g[i] * g[i];
        m[i] = mean;
        v[i] = square;
        x[i] -= RATE * (mean * c1 / ((float) Math.sqrt(square * c2) + EPS) + DECAY * x[i]);
      }
      return 0;
    }
  }

  /** AdamW leaf by leaf on one thread; the gradients change sign between rounds. */
  static final class AdamWTree implements Subject {
    private final float[][] x;
    private final float[][] m;
    private final float[][] v;
    private final float[][] g;
    private int taken;

    AdamWTree(int[] sizes) {
      this.x = new float[sizes.length][];
      this.m = new float[sizes.length][];
      this.v = new float[sizes.length][];
      this.g = new float[sizes.length][];
      for (int leaf = 0; leaf < sizes.length; leaf++) {
        x[leaf] = RandomData.random(sizes[leaf], leaf);
        m[leaf] = new float[sizes[leaf]];
        v[leaf] = new float[sizes[leaf]];
        g[leaf] = RandomData.random(sizes[leaf], 100_000 + leaf);
      }
    }

    @Override
    public long time(int steps) {
      for (float[] gradients : g) {
        RandomData.negate(gradients);
      }
      return Subject.super.time(steps);
    }

    @Override
    public void run(int steps) {
      for (int i = 0; i < steps; i++) {
        int t = Math.min(++taken, 100_000);
        float c1 = (float) (1 / (1 - Math.pow(B1, t)));
        float c2 = (float) (1 / (1 - Math.pow(B2, t)));
        for (int leaf = 0; leaf < x.length; leaf++) {
          AdamW.loop(g[leaf], x[leaf], m[leaf], v[leaf], c1, c2, 0, x[leaf].length);
        }
      }
    }
  }

  /** Two passes; four partial sums, since a single one would wait for each addition. */
  static final class Prodigy extends Loop {
    private static final float B3 = (float) Math.sqrt(B2);
    private static final double D0 = 1e-6;
    private final float[] x0;
    private final float[] s;
    private final double[] dots;
    private final double[] sums;
    private double d = D0;
    private double numerator;

    Prodigy(Crew crew, int size, int threads) {
      super(crew, size, threads);
      this.x0 = x.clone();
      this.s = new float[size];
      this.dots = new double[(size + Crew.RANGE - 1) / Crew.RANGE];
      this.sums = new double[dots.length];
    }

    @Override
    void step(float[] g, int t) {
      double dlr = d * Math.sqrt(1 - Math.pow(B2, t)) / (1 - Math.pow(B1, t));
      float weight = (float) (dlr * d / D0);
      crew.run((from, to) -> sums(g, weight, from, to), size, threads);
      double dot = 0;
      double sum = 0;
      for (int range = 0; range < dots.length; range++) {
        dot += dots[range];
        sum += sums[range];
      }
      numerator = B3 * numerator + d / D0 * dlr * dot;
      double next = Math.max(d, numerator / sum);
      float scale = (float) d;
      float rate = (float) dlr;
      float floor = (float) (next * EPS);
      crew.run((from, to) -> update(g, x, m, v, scale, rate, floor, from, to), size, threads);
      d = Double.isFinite(next) ? next : d;
    }

    private double sums(float[] g, float weight, int from, int to) {
      dots[from / Crew.RANGE] = dot(g, x0, x, from, to);
      decay(g, s, weight, from, to);
      sums[from / Crew.RANGE] = norm1(s, from, to);
      return 0;
    }

    private static double dot(float[] g, float[] x0, float[] x, int from, int to) {
      float p0 = 0;
      float p1 = 0;
      float p2 = 0;
      float p3 = 0;
      int i = from;
      for (; i + 4 <= to; i += 4) {
        p0 += g[i] * (x0[i] - x[i]);
        p1 += g[i + 1] * (x0[i + 1] - x[i + 1]);
        p2 += g[i + 2] * (x0[i + 2] - x[i + 2]);
        p3 += g[i + 3] * (x0[i + 3] - x[i + 3]);
      }
      for (; i < to; i++) {
        p0 += g[i] * (x0[i] - x[i]);
      }
      return (double) p0 + p1 + p2 + p3;
    }

    private static void decay(float[] g, float[] s, float weight, int from, int to) {
      for (int i = from; i < to; i++) {
        s[i] = B3 * s[i] + weight * g[i];
      }
    }

    private static double norm1(float[] s, int from, int to) {
      float p0 = 0;
      float p1 = 0;
      float p2 = 0;
      float p3 = 0;
      int i = from;
      for (; i + 4 <= to; i += 4) {
        p0 += Math.abs(s[i]);
        p1 += Math.abs(s[i + 1]);
        p2 += Math.abs(s[i + 2]);
        p3 += Math.abs(s[i + 3]);
      }
      for (; i < to; i++) {
        p0 += Math.abs(s[i]);
      }
      return (double) p0 + p1 + p2 + p3;
    }

    private static double update(
        float[] g,
        float[] x,
        float[] m,
        float[] v,
        float d,
        float rate,
        float floor,
        int from,
        int to) {
      for (int i = from; i < to; i++) {
        float dg = d * g[i];
        float mean = B1 * m[i] + (1 - B1) * dg;
        float square = B2 * v[i] + (1 - B2) * dg * dg;
        m[i] = mean;
        v[i] = square;
        x[i] -= rate * mean / ((float) Math.sqrt(square) + floor);
      }
      return 0;
    }
  }
}
