package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Element;

/** How a loop adds up products, at first or in a retry. */
public enum Scaling {
  /** Adds up in the type of the tape. */
  NONE(1),
  /** Adds up products of floats in double. */
  WIDE(1),
  /** For doubles whose squares overflow: multiplies the numbers by 2^-600 first. */
  DOWN(0x1p-600),
  /** For doubles whose squares underflow: multiplies the numbers by 2^600 first. */
  UP(0x1p600);

  private final double factor;

  Scaling(double factor) {
    this.factor = factor;
  }

  public double factor() {
    return factor;
  }

  /** Returns the type of the lanes of a loop that computes in a type. */
  public Element lane(Element compute) {
    return this == NONE ? compute : Element.F64;
  }
}
