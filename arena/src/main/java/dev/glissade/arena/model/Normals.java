package dev.glissade.arena.model;

import java.util.SplittableRandom;

/** Draws normal numbers by the Box-Muller transform, equally on every machine for equal seeds. */
final class Normals {
  private final SplittableRandom random;

  Normals(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Fills the array with normals of the given deviation, the cosine of each pair first. */
  void fill(float[] target, double deviation) {
    for (int i = 0; i < target.length; i += 2) {
      // 1 - u is in (0, 1], so the logarithm is finite.
      double radius = deviation * Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
      double angle = 2 * Math.PI * random.nextDouble();
      target[i] = (float) (radius * StrictMath.cos(angle));
      if (i + 1 < target.length) {
        target[i + 1] = (float) (radius * StrictMath.sin(angle));
      }
    }
  }
}
