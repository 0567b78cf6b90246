package dev.glissade.arena.report;

import java.util.Locale;

/** What a sweep varies. */
public enum SweepParameter {
  /** The optimizer's learning rate. */
  LEARNING_RATE("learning rate", true, "no learning rate"),
  /** The epsilon within which dpsgd trains privately. */
  TARGET_EPSILON("epsilon", true, "not private"),
  /** The share of wrong train labels. */
  LABEL_NOISE("share of wrong train labels", false, "");

  private final String title;
  private final boolean logarithmic;
  private final String flat;

  SweepParameter(String title, boolean logarithmic, String flat) {
    this.title = title;
    this.logarithmic = logarithmic;
    this.flat = flat;
  }

  /** Returns the name on axes. */
  public String title() {
    return title;
  }

  /** Returns whether the grid has equal factors between its values. */
  public boolean isLogarithmic() {
    return logarithmic;
  }

  /**
   * Returns whether one of the values is to be chosen. Otherwise each is a condition of its own,
   * and none is the best.
   */
  public boolean isChoice() {
    return this == LEARNING_RATE;
  }

  /** Returns why an optimizer has only one value, such as "no learning rate". */
  public String flat() {
    return flat;
  }

  /** Returns the name with a value, written as on axes: "learning_rate 3.16e-5". */
  public String with(double value) {
    return this + " " + Axis.shown(value);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
