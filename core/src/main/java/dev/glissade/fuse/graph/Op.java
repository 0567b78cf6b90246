package dev.glissade.fuse.graph;

/** An operation on numbers; the same for elements and for scalars. */
public enum Op {
  ADD(2),
  SUB(2),
  MUL(2),
  DIV(2),
  MAX(2),
  MIN(2),
  POW(2),
  NEG(1),
  ABS(1),
  SQRT(1),
  SIGN(1),
  EXP(1),
  LOG(1),
  NAN_TO_ZERO(1),
  GREATER(2),
  EQUAL(2),
  IS_FINITE(1),
  RECIPROCAL_POWER(1),
  RECIPROCAL_REST(1),
  /** of a {@link WideNorm}, the nearest double */
  NORM(1),
  /** of a {@link WideNorm}, as RECIPROCAL_POWER */
  NORM_RECIPROCAL_POWER(1),
  /** of a {@link WideNorm}, as RECIPROCAL_REST */
  NORM_RECIPROCAL_REST(1);

  private final int arity;

  Op(int arity) {
    this.arity = arity;
  }

  public int arity() {
    return arity;
  }

  /** Comparisons give 1 or 0, and 0 where an operand is NaN. */
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

  /** The power of two in 1 / a, as far as a float can hold it. */
  static double reciprocalPower(double a) {
    int exponent = Math.getExponent(1 / a);
    int kept = Math.max(Float.MIN_EXPONENT, Math.min(Float.MAX_EXPONENT, exponent));
    return Math.scalb(1.0, kept);
  }

  /** 1 / a over its power of two; that of a denormal number would overflow by itself. */
  static double reciprocalRest(double a) {
    return 1 / (a * reciprocalPower(a));
  }
}
