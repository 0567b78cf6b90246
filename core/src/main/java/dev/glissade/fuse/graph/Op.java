package dev.glissade.fuse.graph;

/** An arithmetic operation on elements and on scalars. */
public enum Op {
  ADD,
  SUB,
  MUL,
  DIV,
  MAX,
  MIN,
  POW,
  NEG,
  ABS,
  SQRT,
  SIGN,
  EXP,
  LOG,
  CBRT,
  TANH,
  NAN_TO_ZERO,
  GREATER,
  EQUAL,
  IS_FINITE,
  RECIPROCAL_POWER,
  RECIPROCAL_REST,
  /** The double nearest to a {@link WideNorm}. */
  NORM,
  /** RECIPROCAL_POWER of a {@link WideNorm}. */
  NORM_RECIPROCAL_POWER,
  /** RECIPROCAL_REST of a {@link WideNorm}. */
  NORM_RECIPROCAL_REST;

  /** Applies a binary operation; comparisons give 1 or 0, and 0 if an operand is NaN. */
  public double apply(double a, double b) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case POW -> Math.pow(a, b);
      case GREATER -> a > b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
      default -> throw new IllegalArgumentException(this + " takes one operand");
    };
  }

  public double apply(double a) {
    return switch (this) {
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case SQRT -> Math.sqrt(a);
      case SIGN -> Math.signum(a);
      case EXP -> Math.exp(a);
      case LOG -> Math.log(a);
      case CBRT -> CubeRoot.of(a);
      case TANH -> Math.tanh(a);
      case NAN_TO_ZERO -> Double.isNaN(a) ? 0 : a;
      case IS_FINITE -> Double.isFinite(a) ? 1 : 0;
      case RECIPROCAL_POWER -> reciprocalPower(a);
      case RECIPROCAL_REST -> reciprocalRest(a);
      case NORM -> WideNorm.narrow(a);
      case NORM_RECIPROCAL_POWER -> WideNorm.reciprocalPower(a);
      case NORM_RECIPROCAL_REST -> WideNorm.reciprocalRest(a);
      default -> throw new IllegalArgumentException(this + " takes two operands");
    };
  }

  /** Returns the power of two in 1 / a, clamped to the exponents of a float. */
  static double reciprocalPower(double a) {
    int exponent = Math.getExponent(1 / a);
    int kept = Math.max(Float.MIN_EXPONENT, Math.min(Float.MAX_EXPONENT, exponent));
    return Math.scalb(1.0, kept);
  }

  /** Returns 1 / a divided by its power of two; 1 / a alone overflows for a denormal. */
  static double reciprocalRest(double a) {
    return 1 / (a * reciprocalPower(a));
  }
}
