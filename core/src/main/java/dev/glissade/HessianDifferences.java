package dev.glissade;

/** Products with a Hessian from two gradients. */
final class HessianDifferences {
  private static final double SINGLE = 5e-3;
  private static final double DOUBLE = 6e-6;

  private HessianDifferences() {}

  static Tree product(GradientFunction gradients, Tree x, Tree v) {
    double size = rms(v);
    if (size == 0) {
      return v;
    }
    // (g(x + e v) - g(x - e v)) / (2 e)
    double e = step(x.structure()) * (1 + rms(x)) / size;
    Tree wide = x.as(x.structure().computed());
    Tree above = gradients.gradients(wide.plus(v.times(e)).evaluate(), 0).copy();
    Tree below = gradients.gradients(wide.minus(v.times(e)).evaluate(), 1);
    return above.minus(below).times(1 / (2 * e)).evaluate();
  }

  private static double rms(Tree tree) {
    return tree.norm().evaluate().value() / Math.sqrt(Math.max(1.0, (double) tree.size()));
  }

  private static double step(Structure structure) {
    return structure.paths().stream()
            .allMatch(path -> structure.leaf(path).dtype() == DType.FLOAT64)
        ? DOUBLE
        : SINGLE;
  }
}
