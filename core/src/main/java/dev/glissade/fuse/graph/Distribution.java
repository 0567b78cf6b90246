package dev.glissade.fuse.graph;

/** What a node draws for each element. */
public enum Distribution {
  /** Standard normal numbers, of other bits in float than in double. */
  NORMAL("normal"),
  /** The signs +1 and -1, the same in float and in double. */
  RADEMACHER("rademacher");

  private final String method;

  Distribution(String method) {
    this.method = method;
  }

  /** Returns the name of the function of {@code Threefry} that draws a float or a double. */
  public String method(boolean single) {
    return method + (single ? "Float" : "Double");
  }
}
