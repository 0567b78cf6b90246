package dev.glissade.models;

import java.util.SplittableRandom;

/** Draws normal numbers by the Box-Muller transform, equally on every machine for equal seeds. */
final class Normals {
  private final SplittableRandom random;

  Normals(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Returns normals of the given deviation, the cosine of each pair first. */
  double[] draw(int n, double deviation) {
    double[] drawn = new double[n];
    for (int i = 0; i < n; i += 2) {
      // 1 - u is in (0, 1], so the logarithm is finite.
      double radius = deviation * Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      double angle = 2 * Math.PI * random.nextDouble();
      drawn[i] = radius * StrictMath.cos(angle);
      if (i + 1 < n) {
        drawn[i + 1] = radius * StrictMath.sin(angle);
      }
    }
    return drawn;
  }
}
