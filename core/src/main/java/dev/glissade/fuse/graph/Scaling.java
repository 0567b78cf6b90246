package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Element;

/** How a loop adds up products. */
public enum Scaling {
  /** In the tape's type. */
  NONE(1),
  /** Of floats, in double. */
  WIDE(1),
  /** Of doubles whose squares overflow: squares of the numbers times 2^-600. */
  DOWN(0x1p-600),
  /** Of doubles whose squares vanish: squares of the numbers times 2^600. */
  UP(0x1p600);

  private final double factor;

  Scaling(double factor) {
    this.factor = factor;
  }

  public double factor() {
    return factor;
  }

  /** Returns the type of the lanes in loops of a type. */
  public Element lane(Element compute) {
    return this == NONE ? compute : Element.F64;
  }
}
