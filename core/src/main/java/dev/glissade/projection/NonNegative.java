package dev.glissade.projection;

import dev.glissade.Tree;

/** Projects to the vectors without a negative element: {@code max(x, 0)}. */
public record NonNegative() implements Projection {
  @Override
  public Tree of(Tree x) {
    return x.max(0);
  }
}
